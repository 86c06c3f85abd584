using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Disa.DotnetRuntime;

/// <summary>Finds the method that a handler names, checks it, and makes what it needs: its object, once, and the serializer.</summary>
/// <remarks>
/// What is refused, in which order and in which words: aws/aws-lambda-dotnet, Amazon.Lambda.RuntimeSupport, Bootstrap/UserCodeLoader.cs,
/// Bootstrap/UserCodeValidator.cs, Helpers/HandlerInfo.cs, ExceptionHandling/Errors.cs.
/// </remarks>
internal static class HandlerLoader
{
    private const string Core = "Amazon.Lambda.Core";
    private const BindingFlags Own =
        BindingFlags.DeclaredOnly | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <exception cref="LambdaValidationException">The function cannot be run; or whatever its own constructors throw.</exception>
    public static Handler Load(string text, FunctionLog log)
    {
        var name = HandlerName.Parse(text);
        var assembly = Assembly(name);
        Serve(log);
        var type =
            assembly.GetType(name.Type)
            ?? throw new LambdaValidationException($"Unable to load type '{name.Type}' from assembly '{name.Assembly}'.");
        var method =
            Method(type, name)
            ?? throw new LambdaValidationException(
                $"Unable to find method '{name.Method}' in type '{name.Type}' from assembly '{name.Assembly}': Found no methods matching method name '{name.Method}'."
            );
        Check(method);
        Check(type, method);
        var target = Target(type, method);
        return Handler.Of(name, method, target, Serializer(method, assembly), log);
    }

    private static Assembly Assembly(HandlerName name)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name.Assembly));
        }
        catch (FileNotFoundException missing)
        {
            throw new LambdaValidationException(
                $"Could not find the specified handler assembly with the file name '{missing.FileName}'. The assembly should be located in the root of your uploaded .zip file."
            );
        }
        catch (Exception failure) when (failure is FileLoadException or BadImageFormatException)
        {
            throw new LambdaValidationException($"Unable to load assembly '{name.Assembly}'.");
        }
    }

    private static void Serve(FunctionLog log)
    {
        try
        {
            log.Serve(AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(Core)));
        }
        catch (FileNotFoundException)
        {
            // A handler of streams alone does without it.
        }
    }

    /// <summary>The nearest one of that name, from the type itself up through what it derives from.</summary>
    private static MethodInfo? Method(Type type, HandlerName name)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            var found = at.GetMethods(Own).Where(method => method.Name == name.Method).ToList();
            if (found.Count > 1)
            {
                throw new LambdaValidationException(
                    $"The method '{name.Method}' in type '{at.FullName}' appears to have a number of overloads. To call this method please specify a complete "
                        + $"method signature. Possible candidates are:\n{string.Join("\n", found)}."
                );
            }

            if (found.Count == 1)
            {
                return found[0];
            }
        }

        return null;
    }

    private static void Check(MethodInfo method)
    {
        var wrong =
            method.IsAbstract ? "an abstract method. Handler methods cannot be abstract. Please specify a non-abstract handler method."
            : method.IsGenericMethod ? "a generic method. Handler methods cannot be generic. Please specify a non-generic handler method."
            : method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
                ? "an 'async void' method. Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."
            : method.GetParameters() is [.., var last] && last.IsDefined(typeof(ParamArrayAttribute))
                ? "a 'params' method. Please specify a method that does not use 'params'."
            : method.CallingConvention.HasFlag(CallingConventions.VarArgs)
                ? "a 'vararg (variable arguments)' method. Please specify a method that is not 'vararg'."
            : null;
        if (wrong is not null)
        {
            throw new LambdaValidationException($"The method '{method}' cannot be used as a Lambda Handler because it is {wrong}");
        }
    }

    private static void Check(Type type, MethodInfo method)
    {
        if (type.IsGenericType)
        {
            throw new LambdaValidationException(
                $"The type '{type.FullName}' cannot be used as a Lambda Handler type because it is generic. Handler methods cannot be located in generic types. "
                    + "Please specify a handler method in a non-generic type."
            );
        }

        if (!method.IsStatic && type.IsAbstract)
        {
            throw new LambdaValidationException(
                $"The instance method '{method}' cannot be used as a Lambda Handler because its type '{type.FullName}' is abstract. "
                    + "Please either use a static handler or specify a type that is not abstract."
            );
        }

        if (!type.IsClass && (!type.IsValueType || type.IsPrimitive || type.IsEnum))
        {
            throw new LambdaValidationException(
                $"The type '{type.FullName}' cannot be used as a handler type since it is not a class or a struct. Please specify a handler method on a class or struct."
            );
        }
    }

    /// <summary>Null for a static method, whose type's own initialisation happens now all the same.</summary>
    private static object? Target(Type type, MethodInfo method)
    {
        if (!method.IsStatic)
        {
            return Activator.CreateInstance(type);
        }

        RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        return null;
    }

    /// <summary>The method's own, else the assembly's; null where neither names one.</summary>
    private static object? Serializer(MethodInfo method, Assembly assembly)
    {
        var attribute =
            method.GetCustomAttributes().SingleOrDefault(IsSerializer) ?? assembly.GetCustomAttributes().SingleOrDefault(IsSerializer);
        if (attribute is null)
        {
            return null;
        }

        var name = attribute.GetType().FullName;
        var property =
            attribute.GetType().GetProperty("SerializerType")
            ?? throw new LambdaValidationException($"The '{name}' class is invalid: no 'SerializerType' property detected.");
        var type =
            property.GetValue(attribute) as Type
            ?? throw new LambdaValidationException($"The 'SerializerType' property on attribute class '{name}' is not set.");
        var constructor =
            type.GetConstructor(Type.EmptyTypes)
            ?? throw new LambdaValidationException(
                $"The indicated serializer '{type.FullName}' does not define a public zero-parameter constructor."
            );
        return type.GetInterface(Handler.Serializer) is null
            ? throw new LambdaValidationException(
                $"The '{type.FullName}' class is invalid: it does not implement the 'ILambdaSerializer' interface."
            )
            : constructor.Invoke(null);
    }

    private static bool IsSerializer(Attribute attribute) => attribute.GetType().FullName == Core + ".LambdaSerializerAttribute";
}
