using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Iam;
using Disa.Emulator.Lambda;

namespace Disa.Emulator;

/// <content>Functions whose code is in this process.</content>
public partial class AwsAccount
{
    private const string RoleName = "disa-local-function";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Makes a Lambda function whose code is a handler in this process: breakpoints work, and there is no package.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="handler">Its code.</param>
    /// <param name="options">Its configuration.</param>
    /// <returns>The function's ARN.</returns>
    /// <exception cref="LocalAwsException">ResourceConflictException: there is a function of that name; <see cref="HandleFunction"/> takes its place.</exception>
    public async Task<string> AddFunctionAsync(string name, FunctionHandler handler, FunctionOptions? options = null)
    {
        options ??= new FunctionOptions();
        var before = session.Cloud.HostedFunctions.Find(Root.Scope, name);
        HandleFunction(name, handler);
        try
        {
            var made = await session
                .Call<FunctionDescription>(
                    "lambda",
                    new CreateFunctionRequest
                    {
                        FunctionName = name,
                        Runtime = "provided.al2023",
                        Handler = "handler",
                        Role = options.Role ?? await RoleOfFunctions().ConfigureAwait(false),
                        Timeout = (int)Math.Ceiling(options.Timeout.TotalSeconds),
                        Environment = new EnvironmentVariables(options.Environment),
                        Code = new FunctionCodeLocation { ZipFile = EmptyPackage() },
                    },
                    Root,
                    CancellationToken.None
                )
                .ConfigureAwait(false);
            await session
                .Until(() => Task.FromResult(IsActive(name) ? made : null), $"the function {name}", CancellationToken.None)
                .ConfigureAwait(false);
            return made.FunctionArn;
        }
        catch
        {
            // The function that is there already keeps its own.
            if (before is not null)
            {
                session.Cloud.HostedFunctions.Set(Root.Scope, name, before);
            }
            else
            {
                session.Cloud.HostedFunctions.Remove(Root.Scope, name);
            }

            throw;
        }
    }

    /// <inheritdoc cref="AddFunctionAsync(string, FunctionHandler, FunctionOptions)"/>
    /// <typeparam name="TEvent">What the event is read as: JSON, names in any case.</typeparam>
    /// <typeparam name="TResult">What the answer is written from, in camel case.</typeparam>
    [RequiresUnreferencedCode("Events and answers are read and written by reflection; take the overload with a FunctionHandler.")]
    [RequiresDynamicCode("Events and answers are read and written by reflection; take the overload with a FunctionHandler.")]
    public Task<string> AddFunctionAsync<TEvent, TResult>(
        string name,
        Func<TEvent, CancellationToken, Task<TResult>> handler,
        FunctionOptions? options = null
    ) => AddFunctionAsync(name, Typed(handler), options);

    /// <inheritdoc cref="AddFunctionAsync{TEvent, TResult}(string, Func{TEvent, CancellationToken, Task{TResult}}, FunctionOptions)"/>
    [RequiresUnreferencedCode("Events are read by reflection; take the overload with a FunctionHandler.")]
    [RequiresDynamicCode("Events are read by reflection; take the overload with a FunctionHandler.")]
    public Task<string> AddFunctionAsync<TEvent>(
        string name,
        Func<TEvent, CancellationToken, Task> handler,
        FunctionOptions? options = null
    ) =>
        AddFunctionAsync(
            name,
            Typed<TEvent, object?>(
                async (received, cancellation) =>
                {
                    await handler(received, cancellation).ConfigureAwait(false);
                    return null;
                }
            ),
            options
        );

    /// <summary>Lets a handler in this process take the place of a function's package, now or once a template makes the function.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="handler">Its code.</param>
    public void HandleFunction(string name, FunctionHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        session.Cloud.HostedFunctions.Set(
            Root.Scope,
            name,
            (invocation, cancellation) =>
                handler(
                    new FunctionInvocation(
                        invocation.Payload,
                        invocation.RequestId,
                        invocation.FunctionArn,
                        invocation.TraceHeader,
                        invocation.Deadline,
                        invocation.Log
                    ),
                    cancellation
                )
        );
    }

    /// <inheritdoc cref="HandleFunction(string, FunctionHandler)"/>
    [RequiresUnreferencedCode("Events and answers are read and written by reflection; take the overload with a FunctionHandler.")]
    [RequiresDynamicCode("Events and answers are read and written by reflection; take the overload with a FunctionHandler.")]
    public void HandleFunction<TEvent, TResult>(string name, Func<TEvent, CancellationToken, Task<TResult>> handler) =>
        HandleFunction(name, Typed(handler));

    [RequiresUnreferencedCode("Reflection.")]
    [RequiresDynamicCode("Reflection.")]
    private static FunctionHandler Typed<TEvent, TResult>(Func<TEvent, CancellationToken, Task<TResult>> handler)
    {
        // Also where the program that hosts it has switched reflection off.
        var json = new JsonSerializerOptions(Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        return async (invocation, cancellation) =>
            JsonSerializer.SerializeToUtf8Bytes(
                await handler(JsonSerializer.Deserialize<TEvent>(invocation.Payload.Span, json)!, cancellation).ConfigureAwait(false),
                json
            );
    }

    /// <summary>CreateFunction wants a package; nobody opens this one.</summary>
    private static byte[] EmptyPackage()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("bootstrap");
        }

        return stream.ToArray();
    }

    private bool IsActive(string name) => session.Cloud.Functions.Get(Root.Scope, name) is { Latest.State: "Active" };

    private async Task<string> RoleOfFunctions()
    {
        const string trust =
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}""";
        const string everything = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";
        try
        {
            await session
                .Call<CreateRoleResponse>(
                    "iam",
                    new CreateRoleRequest(null, RoleName, trust, "For functions whose code is a handler of a test.", null, null, null),
                    Root,
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (LocalAwsException there) when (there.Code == "EntityAlreadyExists")
        {
            // Of an earlier function.
        }

        await session
            .Call<object>(
                "iam",
                "PutRolePolicy",
                new EntityPolicyRequest(RoleName, null, null, "everything", everything),
                Root,
                CancellationToken.None
            )
            .ConfigureAwait(false);
        return $"arn:{Arn.Partition(Region)}:iam::{Id}:role/{RoleName}";
    }
}
