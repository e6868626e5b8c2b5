using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>A call that the compiler answers itself: its arguments, and what they mean.</summary>
internal sealed class IntrinsicCall(Translator translator, MethodBase method, Operand[] arguments)
{
    public Translator Translator => translator;

    public GraphBuilder Graph => translator.Graph;

    public MethodBase Method => method;

    public Operand[] Arguments => arguments;

    public ParameterInfo[] Parameters => method.GetParameters();

    public Type[] TypeArguments => method.IsGenericMethod ? method.GetGenericArguments() : [];

    /// <summary>A number, or the number in a one-dimensional index.</summary>
    public Value Scalar(int argument)
    {
        Value value = arguments[argument].Leaves is [_] ? arguments[argument].Scalar : throw translator.Refuse($"{method.Name} takes numbers");
        return value.Kind == ValueKind.Predicate ? translator.Coerce(value, ValueKind.Int32) : value;
    }

    public Value Truth(int argument) => translator.Coerce(arguments[argument].Scalar, ValueKind.Predicate);

    /// <summary>A number as a 64-bit integer.</summary>
    public Value Wide(int argument) => translator.Coerce(Scalar(argument), ValueKind.Int64);

    /// <summary>A number that must be known while compiling.</summary>
    public int Known(int argument) => Scalar(argument) is Constant { Kind: ValueKind.Int32 } constant
        ? (int)constant.Bits
        : throw translator.Refuse($"{method.DeclaringType?.Name}.{method.Name} takes a number that is known when the kernel is compiled");

    /// <summary>Address and length of the view that the call is on, or that is its first argument.</summary>
    public (Value Address, Value Length) View()
    {
        Value[] leaves = arguments[0].IsReference ? translator.LoadFrom(arguments[0], method.DeclaringType!) : arguments[0].Leaves;
        return (leaves[0].Current, leaves[1].Current);
    }

    /// <summary>The type of the view that the call is on, or that is its first argument.</summary>
    public Type ViewType => method.IsStatic ? Parameters[0].ParameterType : method.DeclaringType!;

    /// <summary>The one-element operand of an instruction's result.</summary>
    public Operand Pure(string opcode, ValueKind kind, params Value[] operands) => new(Graph.Pure(opcode, kind, operands));
}
