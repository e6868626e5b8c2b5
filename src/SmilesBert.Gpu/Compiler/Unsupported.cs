namespace SmilesBert.Gpu.Compiler;

/// <summary>Why kernels cannot use an instruction, in a sentence.</summary>
internal static class Unsupported
{
    public static string Reason(string opcode) => opcode switch
    {
        "throw" or "rethrow" => "a kernel has nobody to catch exceptions",
        "box" or "unbox" or "unbox.any" or "castclass" or "isinst" => "kernels have no objects",
        "newarr" or "ldlen" => "arrays are objects; use SharedMemory, LocalMemory or views",
        "localloc" => "stackalloc is not part of the kernel language",
        "ldftn" or "ldvirtftn" or "calli" => "kernels have no delegates",
        "stsfld" or "ldsflda" => "static fields belong to the host",
        "ldnull" => "kernels have no objects",
        _ when opcode.StartsWith("ldelem", StringComparison.Ordinal) || opcode.StartsWith("stelem", StringComparison.Ordinal) =>
            "arrays are objects; use SharedMemory, LocalMemory or views",
        _ when opcode.Contains(".ovf", StringComparison.Ordinal) => "checked arithmetic throws, and a kernel has nobody to catch exceptions",
        _ => "it is not part of the kernel language",
    };
}
