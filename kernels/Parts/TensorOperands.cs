namespace SmilesBert.Kernels;

/// <summary>Registers that texts take and give together.</summary>
internal readonly record struct Float2(float X, float Y);

/// <summary>Two registers of a tensor product, whatever numbers they hold.</summary>
internal readonly record struct Word2(int A, int B);

/// <summary>Four registers of a tensor product.</summary>
internal readonly record struct Word4(int A, int B, int C, int D);

/// <summary>A thread's part of 16 rows, 16 deep, in a format of tensor cores: <see cref="First"/>, and <see cref="Second"/> where that is not enough.</summary>
internal readonly record struct TensorLeft(Word4 First, Word4 Second);

/// <summary>A thread's part of 8 columns, 16 deep.</summary>
internal readonly record struct TensorRight(Word2 First, Word2 Second);
