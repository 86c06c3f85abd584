using System.Reflection;

namespace Disa.DotnetRuntime;

/// <summary>A function's method, ready to run: what goes into it and what becomes of its answer is settled.</summary>
/// <remarks>aws/aws-lambda-dotnet, Amazon.Lambda.RuntimeSupport/Bootstrap/InvokeDelegateBuilder.cs</remarks>
internal sealed class Handler
{
    public const string Serializer = "Amazon.Lambda.Core.ILambdaSerializer";

    private const string ContextName = "Amazon.Lambda.Core.ILambdaContext";

    private readonly MethodInfo method;
    private readonly object? target;
    private readonly object? serializer;
    private readonly FunctionLog log;
    private readonly Func<Stream, object?>? read;
    private readonly Action<object?, Stream>? write;
    private readonly Type? contextType;

    private Handler(HandlerName name, MethodInfo method, object? target, object? serializer, FunctionLog log)
    {
        (this.method, this.target, this.serializer, this.log) = (method, target, serializer, log);
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        if (parameters.Length > 2)
        {
            throw new LambdaValidationException(
                $"Method '{method.Name}' of type '{name.Type}' is not supported: the method has more than 2 parameters."
            );
        }

        if (parameters.Length == 2 && !IsContext(parameters[1]))
        {
            throw new LambdaValidationException(
                $"Method '{method.Name}' of type '{name.Type}' is not supported: the method has 2 parameters, but the second parameter is not of type '{ContextName}'."
            );
        }

        contextType = parameters.LastOrDefault() is { } last && IsContext(last) ? last : null;
        if (parameters.Length > 0 && (parameters.Length == 2 || contextType is null))
        {
            read = Reader(parameters[0], name);
        }

        if (DataType(method.ReturnType) is { } data)
        {
            write = Writer(data, name);
        }
    }

    public static Handler Of(HandlerName name, MethodInfo method, object? target, object? serializer, FunctionLog log) =>
        new(name, method, target, serializer, log);

    /// <summary>What the method answers; empty where it answers nothing.</summary>
    public async Task<MemoryStream> Run(Invocation invocation)
    {
        using var input = new MemoryStream(invocation.Event);
        var arguments = new List<object?>(2);
        if (read is not null)
        {
            arguments.Add(read(input));
        }

        if (contextType is not null)
        {
            arguments.Add(Context.Of(contextType, invocation, serializer, log));
        }

        var result = Call(method, target, [.. arguments]);
        if (typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            await ((Task)result!).ConfigureAwait(false);
            result = TaskOf(method.ReturnType) is { } typed ? typed.GetProperty("Result")!.GetValue(result) : null;
        }

        var output = new MemoryStream();
        write?.Invoke(result, output);
        return output;
    }

    private static bool IsContext(Type type) => type.FullName == ContextName;

    private static object? Call(MethodInfo method, object? target, object?[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    private Func<Stream, object?> Reader(Type type, HandlerName name)
    {
        if (type == typeof(Stream))
        {
            return stream => stream;
        }

        var deserialize = Member("Deserialize", type) ?? throw Missing(name, $"deserialize input data of type '{type.FullName}'");
        return stream => Call(deserialize, serializer, [stream]);
    }

    private Action<object?, Stream> Writer(Type type, HandlerName name)
    {
        if (typeof(Stream).IsAssignableFrom(type))
        {
            return (value, stream) => ((Stream)value!).CopyTo(stream);
        }

        var serialize = Member("Serialize", type) ?? throw Missing(name, $"serialize output data of type '{type.FullName}'");
        return (value, stream) => Call(serialize, serializer, [value, stream]);
    }

    private MethodInfo? Member(string member, Type type) =>
        serializer?.GetType().GetInterface(Serializer)!.GetMethod(member)!.MakeGenericMethod(type);

    private static LambdaValidationException Missing(HandlerName name, string attempt) =>
        new(
            $"Could not find the LambdaSerializerAttribute on the assembly '{name.Assembly}' or method '{name.Method}' while attempting to {attempt}. "
                + "To use types other than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with "
                + "Amazon.Lambda.Core.LambdaSerializerAttribute."
        );

    /// <summary>The type of a method's answer; null where there is none. A ValueTask is data as any other: the managed runtimes do not wait for it.</summary>
    private static Type? DataType(Type type) =>
        TaskOf(type) is { } typed ? typed.GenericTypeArguments[0]
        : type == typeof(void) || typeof(Task).IsAssignableFrom(type) ? null
        : type;

    private static Type? TaskOf(Type? type) =>
        type is null ? null
        : type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type
        : TaskOf(type.BaseType);
}
