using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Disa.DotnetRuntime;

/// <summary>Objects of the interfaces that a package's own Amazon.Lambda.Core declares, whatever its version: members are answered by name.</summary>
public class Context : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> answer = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => answer(targetMethod!, args ?? []);

    /// <summary>The <c>ILambdaContext</c> of one invocation.</summary>
    internal static object Of(Type contract, Invocation invocation, object? serializer, FunctionLog log) =>
        Properties(
            contract,
            (name, type) =>
                name switch
                {
                    "AwsRequestId" => invocation.RequestId,
                    "FunctionName" => Variable("AWS_LAMBDA_FUNCTION_NAME"),
                    "FunctionVersion" => Variable("AWS_LAMBDA_FUNCTION_VERSION"),
                    "InvokedFunctionArn" => invocation.FunctionArn,
                    "MemoryLimitInMB" => int.Parse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")!, CultureInfo.InvariantCulture),
                    "RemainingTime" => invocation.Deadline - TimeProvider.System.GetUtcNow(),
                    "LogGroupName" => Variable("AWS_LAMBDA_LOG_GROUP_NAME"),
                    "LogStreamName" => Variable("AWS_LAMBDA_LOG_STREAM_NAME"),
                    "TraceId" => invocation.TraceId,
                    "Serializer" => serializer,
                    "Logger" => Logger(type, log),
                    "ClientContext" => Client(type, invocation.ClientContext),
                    "Identity" => Identity(type, invocation.Identity),
                    _ => null,
                }
        );

    /// <summary>Never null, as the managed runtimes have it; its members are where the caller sent none.</summary>
    private static object Client(Type contract, string? text)
    {
        var json = Parse(text);
        return Properties(
            contract,
            (name, type) =>
                name switch
                {
                    "Environment" => Strings(json, "env"),
                    "Custom" => Strings(json, "custom"),
                    "Client" => Member(json, "client") is { } client
                        ? Properties(
                            type,
                            (member, _) =>
                                Text(
                                    client,
                                    member switch
                                    {
                                        "AppPackageName" => "app_package_name",
                                        "AppTitle" => "app_title",
                                        "AppVersionCode" => "app_version_code",
                                        "AppVersionName" => "app_version_name",
                                        "InstallationId" => "installation_id",
                                        _ => member,
                                    }
                                )
                        )
                        : null,
                    _ => null,
                }
        );
    }

    private static object Identity(Type contract, string? text)
    {
        var json = Parse(text);
        return Properties(
            contract,
            (name, _) =>
                name switch
                {
                    "IdentityId" => Text(json, "cognitoIdentityId"),
                    "IdentityPoolId" => Text(json, "cognitoIdentityPoolId"),
                    _ => null,
                }
        );
    }

    /// <summary>An <c>ILambdaLogger</c>: <c>Log</c> and <c>LogLine</c>, and with levels, exceptions and places where the version has them.</summary>
    private static object Logger(Type contract, FunctionLog log) =>
        Make(
            contract,
            (method, values) =>
            {
                var parameters = method.GetParameters();
                var message = Value("message") as string;
                var level = Value("level")?.ToString() ?? (method.Name is "Log" or "LogLine" ? null : method.Name["Log".Length..]);
                if (method.Name == "Log" && parameters.Length == 1)
                {
                    log.Raw(message);
                }
                else
                {
                    log.Line(
                        method.Name == "LogLine" ? "Information" : level,
                        message,
                        Value("exception") as Exception,
                        Value("args") as object?[]
                    );
                }

                return null;

                object? Value(string name) =>
                    Array.FindIndex(parameters, parameter => parameter.Name == name || (name == "level" && parameter.Name == "logLevel"))
                        is >= 0
                            and var at
                        ? values[at]
                        : null;
            }
        );

    private static object Properties(Type contract, Func<string, Type, object?> read) =>
        Make(
            contract,
            (method, _) =>
                method.Name.StartsWith("get_", StringComparison.Ordinal)
                    ? read(method.Name["get_".Length..], method.ReturnType) ?? Default(method.ReturnType)
                    : throw new NotSupportedException($"{contract.FullName}.{method.Name} is not supported by the Disa emulator.")
        );

    private static object? Default(Type type) => type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : null;

    private static object Make(Type contract, Func<MethodInfo, object?[], object?> answer)
    {
        var made = Create(contract, typeof(Context));
        ((Context)made).answer = answer;
        return made;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private static JsonElement? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } found
        && found.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? Text(JsonElement? json, string name) => Member(json, name)?.GetString();

    private static Dictionary<string, string>? Strings(JsonElement? json, string name) =>
        Member(json, name) is not { } values
            ? null
            : values.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.ToString());
}
