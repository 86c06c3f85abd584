using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>What the Lambda room needs of the others.</summary>
internal sealed record LambdaNeighbours
{
    public required LogSink Logs { get; init; }

    /// <summary>An object of S3 by bucket, key and version; null where there is none.</summary>
    public required Func<Caller, string, string, string?, Task<ReadOnlyMemory<byte>?>> Fetch { get; init; }

    /// <summary>Keys for a role, by its ARN and a session name.</summary>
    public required Func<string, string, Scope, Task<FunctionCredentials>> Credentials { get; init; }

    /// <summary>Whether there is such a role that Lambda may assume.</summary>
    public required Func<string, Scope, bool> RoleExists { get; init; }
}

/// <summary>Lambda: functions, their processes, and what invokes them.</summary>
internal sealed class LambdaRoom : Room
{
    public static readonly Migration[] Migrations = FunctionStore.Migrations;

    private readonly FunctionStore functions;
    private readonly FunctionCode code;
    private readonly FunctionCodeSource source;
    private readonly FunctionActivation activation;
    private readonly SandboxPool pool;
    private readonly EmulatorEndpoint endpoint;
    private readonly LambdaNeighbours neighbours;
    private readonly Worker activating;

    public LambdaRoom(Database database, Clock clock, EmulatorEndpoint endpoint, string? dataDirectory, LambdaNeighbours neighbours, ILoggerFactory loggers)
    {
        this.endpoint = endpoint;
        this.neighbours = neighbours;
        functions = new FunctionStore(database, clock);
        code = new FunctionCode(dataDirectory);
        source = new FunctionCodeSource(neighbours.Fetch);
        pool = new SandboxPool(functions, code, neighbours.Logs, neighbours.Credentials, endpoint);
        activation = new FunctionActivation(functions, code, pool);
        Invoker = new Invoker(functions, pool);
        var logger = loggers.CreateLogger<LambdaRoom>();
        activating = new Worker("lambda activation", clock, logger, activation.Step);
        functions.Changed += (_, _) => activating.Signal();
        Services =
        [
            new AwsService("lambda", FunctionOperations())
            {
                SdkName = "lambda",
                SdkErrorPrefix = "Lambda",
                Protocols = Protocols.RestJson,
            },
        ];
    }

    public Invoker Invoker { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<AdminEndpoint> AdminEndpoints => [new("GET", "lambda/code/*", (request, _) => Task.FromResult(Download(request)))];

    public override void Start() => activating.Start();

    public override void Reset(Transaction transaction, string account) => transaction.Execute("DELETE FROM lambda_code WHERE account = $1", account);

    public override async ValueTask DisposeAsync()
    {
        await activating.DisposeAsync().ConfigureAwait(false);
        await pool.DisposeAsync().ConfigureAwait(false);
        code.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private AdminResponse Download(AdminRequest request)
    {
        if (request.Rest.Split('/') is [var account, { Length: 64 } hash] && hash.All(char.IsAsciiHexDigitLower))
        {
            var zip = functions.Database.Read(transaction => transaction.First("SELECT zip FROM lambda_code WHERE account = $1 AND sha256 = $2",
                row => row.GetFieldValue<byte[]>(0), account, Convert.ToBase64String(Convert.FromHexString(hash))));
            if (zip is not null)
            {
                return new AdminResponse(zip, "application/zip");
            }
        }

        throw new AwsException("NotFound", "There is no such package.", 404);
    }

    private IEnumerable<Operation> FunctionOperations()
    {
        const string root = "/2015-03-31/functions";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of("CreateFunction", json.CreateFunctionRequest, json.FunctionDescription,
            (request, caller, _) => CreateFunction.Run(functions, source, neighbours.RoleExists, request, caller), new RestBinding("POST", root) { Status = 201 });
        yield return Operation.Of("ListFunctions", json.ListFunctionsRequest, json.ListFunctionsResponse,
            (request, caller) => ListFunctions.Run(functions, request, caller),
            new RestBinding("GET", root) { Query = new Dictionary<string, string>(paging) { ["FunctionVersion"] = "FunctionVersion" } });
        yield return Operation.Of("GetFunction", json.GetFunctionRequest, json.GetFunctionResponse,
            (request, caller) => GetFunction.Run(functions, endpoint, request, caller), new RestBinding("GET", root + "/{FunctionName}") { Query = qualifier });
        yield return Operation.Of("GetFunctionConfiguration", json.GetFunctionRequest, json.FunctionDescription,
            (request, caller) => GetFunction.Configuration(functions, request, caller), new RestBinding("GET", root + "/{FunctionName}/configuration") { Query = qualifier });
        yield return Operation.Of("UpdateFunctionCode", json.UpdateFunctionCodeRequest, json.FunctionDescription,
            (request, caller, _) => UpdateFunctionCode.Run(functions, source, request, caller), new RestBinding("PUT", root + "/{FunctionName}/code"));
        yield return Operation.Of("UpdateFunctionConfiguration", json.UpdateFunctionConfigurationRequest, json.FunctionDescription,
            (request, caller, _) => UpdateFunctionConfiguration.Run(functions, neighbours.RoleExists, request, caller), new RestBinding("PUT", root + "/{FunctionName}/configuration"));
        yield return Operation.Of("DeleteFunction", json.DeleteFunctionRequest,
            (request, caller, _) => DeleteFunction.Run(functions, request, caller), new RestBinding("DELETE", root + "/{FunctionName}") { Query = qualifier, Status = 204 });
        yield return Operation.Of("PublishVersion", json.PublishVersionRequest, json.FunctionDescription,
            (request, caller, _) => PublishVersion.Run(functions, request, caller), new RestBinding("POST", root + "/{FunctionName}/versions") { Status = 201 });
        yield return Operation.Of("ListVersionsByFunction", json.ListVersionsByFunctionRequest, json.ListVersionsByFunctionResponse,
            (request, caller) => ListFunctions.Versions(functions, request, caller), new RestBinding("GET", root + "/{FunctionName}/versions") { Query = paging });
        yield return Operation.Of("Invoke", json.InvokeRequest, json.InvokeResponse,
            (request, caller, cancellation) => Invoke.Run(Invoker, request, caller, cancellation), Invoke.Binding);
    }
}
