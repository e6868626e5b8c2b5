using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

// Calls: known ones become instructions, all others are inlined.
internal sealed partial class Translator
{
    private Type? constrained;                                  // of the prefix before a call

    private void TranslateCall(IlInstruction instruction)
    {
        MethodBase method = frame.Il.ResolveMethod(instruction);
        if (constrained is not null) method = Implementation(method, constrained);
        constrained = null;
        bool isNew = instruction.Family == "newobj";
        if (!method.DeclaringType!.IsValueType && !method.IsStatic)
            throw Refuse($"{method.DeclaringType.Name}.{(isNew ? "new" : method.Name)} belongs to a class, and kernels have no objects");

        int count = method.GetParameters().Length + (method.IsStatic || isNew ? 0 : 1);
        var arguments = new Operand[count];
        for (int i = count - 1; i >= 0; i--) arguments[i] = stack.Pop();

        if (Intrinsics.Find(method) is { } intrinsic)
        {
            if (intrinsic(new IntrinsicCall(this, method, arguments)) is { } known) stack.Push(known);
        }
        else if (isNew)
        {
            stack.Push(Construct(method, arguments));
        }
        else if (Inline(method, arguments) is { } result)
        {
            stack.Push(result);
        }
    }

    // A new struct: its constructor works on zeroed variables.
    private Operand Construct(MethodBase constructor, Operand[] arguments)
    {
        Shape(constructor.DeclaringType!);
        Variable[] instance = frame.NewVariables(constructor.DeclaringType!, Slot.Temporary);
        foreach (Variable variable in instance) graph.Write(variable, Constant.Zero(variable.Scalar.Kind));
        Inline(constructor, [ReferenceTo(instance), .. arguments]);
        return new Operand([.. instance.Select(graph.Read)]);
    }

    // What a call through a type parameter or an interface runs, the type being known.
    private MethodBase Implementation(MethodBase method, Type type)
    {
        if (method.DeclaringType is { IsInterface: true } contract && type.IsValueType)
        {
            InterfaceMapping map = type.GetInterfaceMap(contract);
            MethodBase definition = method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;
            int index = Array.FindIndex(map.InterfaceMethods, candidate => candidate == definition);
            if (index >= 0)
            {
                MethodInfo target = map.TargetMethods[index];
                return target.IsGenericMethodDefinition ? target.MakeGenericMethod(method.GetGenericArguments()) : target;
            }
        }
        if (method.DeclaringType == type) return method;
        if (type.GetMethod(method.Name, [.. method.GetParameters().Select(parameter => parameter.ParameterType)]) is { } own && own.DeclaringType == type) return own;
        throw Refuse($"{type.Name} has no {method.Name} of its own that could be called without boxing");
    }
}
