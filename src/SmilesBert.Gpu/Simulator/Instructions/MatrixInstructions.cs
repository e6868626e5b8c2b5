using System.Numerics;
using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>What the operands of an mma hold.</summary>
internal enum MatrixElement { Half, BFloat16, TensorFloat32 }

/// <summary>
/// mma.sync m16n8kK: D (16,8) = A (16,K) * B (K,8) + C, on registers spread over the warp as the PTX manual draws it. With g = lane / 4,
/// t = lane % 4 and e elements in a register: register r of A holds row g + 8 (r % 2), columns 4e (r / 2) + t e + (0..e-1); register r of B
/// rows 4e r + t e + (0..e-1) of column g; C and D rows g, g, g + 8, g + 8, columns 2t, 2t + 1. Products are exact, sums are floats in the
/// order of k (hardware adds several products at once and cuts their low bits); tf32 operands lose their low 13 bits, as in hardware.
/// </summary>
internal sealed unsafe class MmaInstruction(MatrixElement element, int depth, int[] d, int[] a, int[] b, int[] c) : Instruction
{
    private const int Rows = 16, Columns = 8;

    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckWholeWarp(this, mask);
        float* left = stackalloc float[Rows * depth];
        float* right = stackalloc float[depth * Columns];
        float* sums = stackalloc float[Rows * Columns];
        int packed = element == MatrixElement.TensorFloat32 ? 1 : 2;
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            int g = lane / 4, t = lane % 4;
            for (int r = 0; r < a.Length; r++)
            {
                uint bits = warp.Registers[a[r] + lane];
                float* row = left + (g + 8 * (r % 2)) * depth + 4 * packed * (r / 2) + t * packed;
                for (int i = 0; i < packed; i++) row[i] = Value(bits, i);
            }
            for (int r = 0; r < b.Length; r++)
            {
                uint bits = warp.Registers[b[r] + lane];
                for (int i = 0; i < packed; i++) right[(4 * packed * r + t * packed + i) * Columns + g] = Value(bits, i);
            }
            for (int r = 0; r < 4; r++) sums[Place(lane, r)] = Lanes.Read<float>(warp.Registers + c[r], lane);
        }

        for (int row = 0; row < Rows; row++)
        {
            Vector256<float> sum = Vector256.Load(sums + row * Columns);
            for (int k = 0; k < depth; k++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(left[row * depth + k]), Vector256.Load(right + k * Columns), sum);
            sum.Store(sums + row * Columns);
        }

        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            for (int r = 0; r < 4; r++) Lanes.Write(warp.Registers + d[r], lane, sums[Place(lane, r)]);
        }
    }

    private static int Place(int lane, int r) => (lane / 4 + 8 * (r / 2)) * Columns + lane % 4 * 2 + r % 2;

    private float Value(uint bits, int i) => element switch
    {
        MatrixElement.TensorFloat32 => BitConverter.UInt32BitsToSingle(bits & ~0x1FFFu),
        MatrixElement.BFloat16 => BitConverter.UInt32BitsToSingle(i == 0 ? bits << 16 : bits & 0xFFFF0000),
        _ => (float)BitConverter.UInt16BitsToHalf((ushort)(bits >> (16 * i))),
    };
}

/// <summary>
/// ldmatrix: up to four 8x8 matrices of 16-bit elements from shared memory; lanes 8i to 8i+7 give the addresses of matrix i's rows, 16 bytes each.
/// Lane l gets elements 2(l % 4) and the next of row l / 4; transposed, of column l / 4.
/// </summary>
internal sealed unsafe class LoadMatrixInstruction(StateSpace space, AddressSource address, int[] destinations, bool isTransposed) : Instruction
{
    private const int RowBytes = 16;

    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckWholeWarp(this, mask);
        uint givers = destinations.Length == 4 ? Lanes.All : (1u << (8 * destinations.Length)) - 1;
        warp.ComputeAddresses(address, givers);
        ushort* elements = stackalloc ushort[destinations.Length * 64];
        new Span<ushort>(elements, destinations.Length * 64).Clear();
        for (uint pending = givers; pending != 0;)
        {
            uint lanes = warp.Resolve(this, space, RowBytes, ref pending, out MemoryBlock block);
            if (lanes == 0) continue;
            warp.ObserveRead(this, block, lanes, RowBytes);
            for (; lanes != 0; lanes &= lanes - 1)
            {
                int lane = BitOperations.TrailingZeroCount(lanes);
                Vector128.Load((ushort*)(block.Data + warp.Offsets[lane])).Store(elements + lane * 8);
            }
        }
        for (int i = 0; i < destinations.Length; i++)
        {
            ushort* matrix = elements + i * 64;
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                int row = lane / 4, column = lane % 4 * 2;
                (uint low, uint high) = isTransposed
                    ? (matrix[column * 8 + row], matrix[(column + 1) * 8 + row])
                    : ((uint)matrix[row * 8 + column], (uint)matrix[row * 8 + column + 1]);
                warp.Registers[destinations[i] + lane] = high << 16 | low;
            }
        }
    }
}
