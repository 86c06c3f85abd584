using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
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

    public required StreamAccess Streams { get; init; }

    public required QueueReader QueueReader { get; init; }

    public required QueueSender QueueSender { get; init; }

    public required ServiceDirectory Services { get; init; }

    public required Faults.FaultPlan Faults { get; init; }

    public required UsageMeter Meter { get; init; }

    public required Authorizer Rights { get; init; }

    /// <summary>What reading a stream asks of a caller.</summary>
    public required Func<string, Caller, IEnumerable<Access>> ToReadStream { get; init; }

    /// <summary>What polling a queue asks of a caller.</summary>
    public required Func<string, Caller, IEnumerable<Access>> ToReadQueue { get; init; }

    /// <summary>Whether a function is active when the call that makes or changes it returns.</summary>
    public bool Instant { get; init; }

    /// <summary>The functions that someone works on.</summary>
    public required LocalRuns Local { get; init; }

    /// <summary>Whether there is such a role that Lambda may assume.</summary>
    public required Func<string, Scope, bool> RoleExists { get; init; }
}

/// <summary>Lambda: functions, their processes, and what invokes them.</summary>
internal sealed class LambdaRoom : Room
{
    public static readonly Migration[] Migrations = [.. FunctionStore.Migrations, .. AsyncInvocations.Migrations, MappingStore.Migration];

    private readonly FunctionStore functions;
    private readonly FunctionCode code;
    private readonly FunctionCodeSource source;
    private readonly FunctionActivation activation;
    private readonly SandboxPool pool;
    private readonly EmulatorEndpoint endpoint;
    private readonly LambdaNeighbours neighbours;
    private readonly MappingStore mappings;
    private readonly EventSourceMappings mappingOperations;
    private readonly MappingRunners runners;
    private readonly AsyncInvocations events;
    private readonly Worker activating;
    private readonly Worker queueing;
    private readonly Worker mapping;

    public LambdaRoom(
        Database database,
        Clock clock,
        EmulatorEndpoint endpoint,
        string? dataDirectory,
        Tokens tokens,
        LambdaNeighbours neighbours,
        ILoggerFactory loggers
    )
    {
        this.endpoint = endpoint;
        this.neighbours = neighbours;
        functions = new FunctionStore(database, clock, tokens);
        code = new FunctionCode(dataDirectory);
        source = new FunctionCodeSource(neighbours.Fetch);
        var logger = loggers.CreateLogger<LambdaRoom>();
        pool = new SandboxPool(
            functions,
            code,
            neighbours.Logs,
            neighbours.Credentials,
            endpoint,
            neighbours.Faults,
            neighbours.Meter,
            Hosted,
            neighbours.Local,
            logger
        );
        activation = new FunctionActivation(functions, code, pool, Hosted);
        Invoker = new Invoker(functions, pool, neighbours.Meter.Metrics);
        activating = new Worker("lambda activation", clock, logger, activation.Step);
        functions.Changed += (_, _) => activating.Signal();
        mappings = new MappingStore(database);
        var rights = new FunctionRights(functions, mappings);
        Invoker.Authorize = (function, qualifier, caller) =>
            neighbours.Rights.Require(caller, rights.ToInvoke(function, qualifier, caller), FunctionRights.Denied);
        var roles = new ExecutionRoles(functions, neighbours.Rights, neighbours.ToReadStream, neighbours.ToReadQueue);
        var destinations = new Destinations(neighbours.QueueSender, neighbours.Services, roles, logger) { Invoker = Invoker };
        events = new AsyncInvocations(functions, Invoker, destinations, logger);
        queueing = new Worker("lambda events", clock, logger, events.Step);
        events.Signal = queueing.Signal;
        Invoker.Enqueue = events.Enqueue;
        runners = new MappingRunners(
            functions,
            mappings,
            Invoker,
            neighbours.Streams,
            neighbours.QueueReader,
            destinations,
            roles,
            neighbours.Faults,
            logger
        );
        mapping = new Worker("lambda mappings", clock, logger, runners.Step);
        mappings.Changed = mapping.Signal;
        mappingOperations = new EventSourceMappings(
            functions,
            mappings,
            neighbours.Streams,
            neighbours.QueueReader,
            roles,
            runners.LastResult
        );
        Services =
        [
            new AwsService(
                "lambda",
                FunctionOperations().Concat(VersionOperations()).Concat(SettingOperations()).Concat(MappingOperations())
            )
            {
                SdkName = "lambda",
                SdkErrorPrefix = "Lambda",
                Protocols = Protocols.RestJson,
                Rights = rights.Of,
                Undone = UndoneOperations.All,
                ErrorShape = code => (LambdaErrors.HasType(code), LambdaErrors.HasCapitalMessage(code)),
            },
        ];
    }

    public Invoker Invoker { get; }

    /// <summary>Functions whose code runs in this process.</summary>
    public HostedFunctions Hosted { get; } = new();

    internal Shelf<Function> Functions => functions.Functions;

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<AdminEndpoint> AdminEndpoints =>
        [new("GET", "lambda/code/*", (request, _) => Task.FromResult(Download(request)))];

    public override IEnumerable<IResource> Resources =>
        [
            new FunctionResource(functions, source, activation, neighbours.RoleExists),
            new VersionResource(functions, activation),
            new AliasResource(functions),
            new PermissionResource(functions),
            new EventInvokeConfigResource(functions),
            new EventSourceMappingResource(mappingOperations, mappings, functions),
        ];

    public override IEnumerable<string> Problems =>
        functions
            .Functions.All()
            .Where(entry => entry.Value.Latest.State != "Active" || entry.Value.Latest.LastUpdateStatus == "Failed")
            .Select(entry =>
                $"The function {entry.Name} in {entry.Scope.Region} is {(entry.Value.Latest.State == "Active" ? "not updated" : entry.Value.Latest.State)}"
                + (entry.Value.Latest.StateReason is { } reason ? $": {reason.TrimEnd('.')}." : ".")
            );

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) => events.Upcoming(account, limit);

    public override void Start()
    {
        activating.Start();
        queueing.Start();
        mapping.Start();
    }

    public override void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM lambda_code WHERE account = $1", account);
        transaction.Execute("DELETE FROM lambda_async WHERE account = $1", account);
        transaction.Execute("DELETE FROM lambda_lane WHERE account = $1", account);
        transaction.AfterCommit(mapping.Signal);
    }

    public override async ValueTask DisposeAsync()
    {
        code.Stop();
        await activating.DisposeAsync().ConfigureAwait(false);
        await mapping.DisposeAsync().ConfigureAwait(false);
        await queueing.DisposeAsync().ConfigureAwait(false);
        // Processes end first: nobody waits for a function that takes its time.
        await pool.DisposeAsync().ConfigureAwait(false);
        await runners.DisposeAsync().ConfigureAwait(false);
        await events.WhenIdle().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        code.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private AdminResponse Download(AdminRequest request)
    {
        if (request.Rest.Split('/') is [var account, { Length: 64 } hash] && hash.All(char.IsAsciiHexDigitLower))
        {
            var zip = functions.Database.Read(transaction =>
                transaction.First(
                    "SELECT zip FROM lambda_code WHERE account = $1 AND sha256 = $2",
                    row => row.GetFieldValue<byte[]>(0),
                    account,
                    Convert.ToBase64String(Convert.FromHexString(hash))
                )
            );
            if (zip is not null)
            {
                return new AdminResponse(zip, "application/zip");
            }
        }

        throw new AwsException("NotFound", "There is no such package.", 404);
    }

    /// <summary>The answer as it is once the function is active, where nobody wants to wait for that.</summary>
    private async Task<FunctionDescription> Settled(Task<FunctionDescription> changed, Caller caller)
    {
        var description = await changed.ConfigureAwait(false);
        if (!neighbours.Instant)
        {
            return description;
        }

        await activation.Activate(caller.Scope, description.FunctionName).ConfigureAwait(false);
        return functions.Functions.Get(caller.Scope, description.FunctionName)?.Resolve(description.Version) is { } version
            ? FunctionDescription.Of(
                caller.Scope,
                description.FunctionName,
                version,
                qualified: description.Version != FunctionVersion.Unpublished
            )
            : description;
    }

    private IEnumerable<Operation> FunctionOperations()
    {
        const string root = "/2015-03-31/functions";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of(
            "CreateFunction",
            json.CreateFunctionRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(CreateFunction.Run(functions, source, neighbours.RoleExists, request, caller), caller),
            new RestBinding("POST", root) { Status = 201, BodyLimit = FunctionCodeSource.RequestLimit }
        );
        yield return Operation.Of(
            "ListFunctions",
            json.ListFunctionsRequest,
            json.ListFunctionsResponse,
            (request, caller) => ListFunctions.Run(functions, request, caller),
            new RestBinding("GET", root) { Query = new Dictionary<string, string>(paging) { ["FunctionVersion"] = "FunctionVersion" } }
        );
        yield return Operation.Of(
            "GetFunction",
            json.GetFunctionRequest,
            json.GetFunctionResponse,
            (request, caller) => GetFunction.Run(functions, endpoint, request, caller),
            new RestBinding("GET", root + "/{FunctionName}") { Query = qualifier }
        );
        yield return Operation.Of(
            "GetFunctionConfiguration",
            json.GetFunctionRequest,
            json.FunctionDescription,
            (request, caller) => GetFunctionConfiguration.Run(functions, request, caller),
            new RestBinding("GET", root + "/{FunctionName}/configuration") { Query = qualifier }
        );
        yield return Operation.Of(
            "UpdateFunctionCode",
            json.UpdateFunctionCodeRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(UpdateFunctionCode.Run(functions, source, request, caller), caller),
            new RestBinding("PUT", root + "/{FunctionName}/code") { BodyLimit = FunctionCodeSource.RequestLimit }
        );
        yield return Operation.Of(
            "UpdateFunctionConfiguration",
            json.UpdateFunctionConfigurationRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(UpdateFunctionConfiguration.Run(functions, neighbours.RoleExists, request, caller), caller),
            new RestBinding("PUT", root + "/{FunctionName}/configuration")
        );
        yield return Operation.Of(
            "DeleteFunction",
            json.DeleteFunctionRequest,
            (request, caller, _) => DeleteFunction.Run(functions, request, caller),
            new RestBinding("DELETE", root + "/{FunctionName}") { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "Invoke",
            json.InvokeRequest,
            json.InvokeResponse,
            (request, caller, cancellation) => Invoke.Run(Invoker, request, caller, cancellation),
            Invoke.Binding
        );
    }

    private IEnumerable<Operation> VersionOperations()
    {
        const string root = "/2015-03-31/functions/{FunctionName}";
        var json = LambdaJson.Default;
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of(
            "PublishVersion",
            json.PublishVersionRequest,
            json.FunctionDescription,
            (request, caller, _) => PublishVersion.Run(functions, request, caller),
            new RestBinding("POST", root + "/versions") { Status = 201 }
        );
        yield return Operation.Of(
            "ListVersionsByFunction",
            json.ListVersionsByFunctionRequest,
            json.ListVersionsByFunctionResponse,
            (request, caller) => ListVersionsByFunction.Run(functions, request, caller),
            new RestBinding("GET", root + "/versions") { Query = paging }
        );
        yield return Operation.Of(
            "CreateAlias",
            json.CreateAliasRequest,
            json.AliasDescription,
            (request, caller, _) => Aliases.Create(functions, request, caller),
            new RestBinding("POST", root + "/aliases") { Status = 201 }
        );
        yield return Operation.Of(
            "GetAlias",
            json.AliasRequest,
            json.AliasDescription,
            (request, caller) => Aliases.Get(functions, request, caller),
            new RestBinding("GET", root + "/aliases/{Name}")
        );
        yield return Operation.Of(
            "UpdateAlias",
            json.UpdateAliasRequest,
            json.AliasDescription,
            (request, caller, _) => Aliases.Update(functions, request, caller),
            new RestBinding("PUT", root + "/aliases/{Name}")
        );
        yield return Operation.Of(
            "DeleteAlias",
            json.AliasRequest,
            (request, caller, _) => Aliases.Delete(functions, request, caller),
            new RestBinding("DELETE", root + "/aliases/{Name}") { Status = 204 }
        );
        yield return Operation.Of(
            "ListAliases",
            json.ListAliasesRequest,
            json.ListAliasesResponse,
            (request, caller) => Aliases.List(functions, request, caller),
            new RestBinding("GET", root + "/aliases")
            {
                Query = new Dictionary<string, string>(paging) { ["FunctionVersion"] = "FunctionVersion" },
            }
        );
    }

    private IEnumerable<Operation> SettingOperations()
    {
        const string name = "/functions/{FunctionName}";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        yield return Operation.Of(
            "AddPermission",
            json.AddPermissionRequest,
            json.AddPermissionResponse,
            (request, caller, _) => Permissions.Add(functions, request, caller),
            new RestBinding("POST", "/2015-03-31" + name + "/policy") { Query = qualifier, Status = 201 }
        );
        yield return Operation.Of(
            "RemovePermission",
            json.RemovePermissionRequest,
            (request, caller, _) => Permissions.Remove(functions, request, caller),
            new RestBinding("DELETE", "/2015-03-31" + name + "/policy/{StatementId}")
            {
                Query = new Dictionary<string, string>(qualifier) { ["RevisionId"] = "RevisionId" },
                Status = 204,
            }
        );
        yield return Operation.Of(
            "GetPolicy",
            json.GetFunctionRequest,
            json.GetPolicyResponse,
            (request, caller) => Permissions.Get(functions, request, caller),
            new RestBinding("GET", "/2015-03-31" + name + "/policy") { Query = qualifier }
        );
        yield return Operation.Of(
            "PutFunctionConcurrency",
            json.PutFunctionConcurrencyRequest,
            json.FunctionConcurrency,
            (request, caller, _) => Concurrency.Put(functions, request, caller),
            new RestBinding("PUT", "/2017-10-31" + name + "/concurrency")
        );
        yield return Operation.Of(
            "GetFunctionConcurrency",
            json.FunctionRequest,
            json.FunctionConcurrency,
            (request, caller) => Concurrency.Get(functions, request, caller),
            new RestBinding("GET", "/2019-09-30" + name + "/concurrency")
        );
        yield return Operation.Of(
            "DeleteFunctionConcurrency",
            json.FunctionRequest,
            (request, caller, _) => Concurrency.Delete(functions, request, caller),
            new RestBinding("DELETE", "/2017-10-31" + name + "/concurrency") { Status = 204 }
        );
        yield return Operation.Of(
            "PutFunctionEventInvokeConfig",
            json.PutFunctionEventInvokeConfigRequest,
            json.EventInvokeConfigDescription,
            (request, caller, _) => EventInvokeConfigs.Put(functions, request, merge: false, caller),
            new RestBinding("PUT", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "UpdateFunctionEventInvokeConfig",
            json.PutFunctionEventInvokeConfigRequest,
            json.EventInvokeConfigDescription,
            (request, caller, _) => EventInvokeConfigs.Put(functions, request, merge: true, caller),
            new RestBinding("POST", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "GetFunctionEventInvokeConfig",
            json.GetFunctionRequest,
            json.EventInvokeConfigDescription,
            (request, caller) => EventInvokeConfigs.Get(functions, request, caller),
            new RestBinding("GET", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "DeleteFunctionEventInvokeConfig",
            json.GetFunctionRequest,
            (request, caller, _) => EventInvokeConfigs.Delete(functions, request, caller),
            new RestBinding("DELETE", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "ListFunctionEventInvokeConfigs",
            json.ListFunctionEventInvokeConfigsRequest,
            json.ListFunctionEventInvokeConfigsResponse,
            (request, caller) => EventInvokeConfigs.List(functions, request, caller),
            new RestBinding("GET", "/2019-09-25" + name + "/event-invoke-config/list")
            {
                Query = new Dictionary<string, string> { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" },
            }
        );
        yield return Operation.Of(
            "TagResource",
            json.TagResourceRequest,
            (request, caller, _) => FunctionTags.Add(functions, mappings, request, caller),
            new RestBinding("POST", "/2017-03-31/tags/{Resource}") { Status = 204 }
        );
        yield return Operation.Of(
            "UntagResource",
            json.UntagResourceRequest,
            (request, caller, _) => FunctionTags.Remove(functions, mappings, request, caller),
            new RestBinding("DELETE", "/2017-03-31/tags/{Resource}")
            {
                Query = new Dictionary<string, string> { ["tagKeys"] = "TagKeys" },
                Status = 204,
            }
        );
        yield return Operation.Of(
            "ListTags",
            json.ListTagsRequest,
            json.ListTagsResponse,
            (request, caller) => FunctionTags.List(functions, mappings, request, caller),
            new RestBinding("GET", "/2017-03-31/tags/{Resource}")
        );
        yield return Operation.Of(
            "GetAccountSettings",
            json.GetAccountSettingsRequest,
            json.GetAccountSettingsResponse,
            (_, caller) => GetAccountSettings.Run(functions, caller),
            new RestBinding("GET", "/2016-08-19/account-settings")
        );
    }

    private IEnumerable<Operation> MappingOperations()
    {
        const string root = "/2015-03-31/event-source-mappings";
        var json = LambdaJson.Default;
        yield return Operation.Of(
            "CreateEventSourceMapping",
            json.CreateEventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappingOperations.Create(request, caller),
            new RestBinding("POST", root) { Status = 202 }
        );
        yield return Operation.Of(
            "GetEventSourceMapping",
            json.EventSourceMappingRequest,
            json.EventSourceMappingDescription,
            mappingOperations.Get,
            new RestBinding("GET", root + "/{UUID}")
        );
        yield return Operation.Of(
            "UpdateEventSourceMapping",
            json.UpdateEventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappingOperations.Update(request, caller),
            new RestBinding("PUT", root + "/{UUID}") { Status = 202 }
        );
        yield return Operation.Of(
            "DeleteEventSourceMapping",
            json.EventSourceMappingRequest,
            json.EventSourceMappingDescription,
            (request, caller, _) => mappingOperations.Delete(request, caller),
            new RestBinding("DELETE", root + "/{UUID}") { Status = 202 }
        );
        yield return Operation.Of(
            "ListEventSourceMappings",
            json.ListEventSourceMappingsRequest,
            json.ListEventSourceMappingsResponse,
            mappingOperations.List,
            new RestBinding("GET", root)
            {
                Query = new Dictionary<string, string>
                {
                    ["EventSourceArn"] = "EventSourceArn",
                    ["FunctionName"] = "FunctionName",
                    ["Marker"] = "Marker",
                    ["MaxItems"] = "MaxItems",
                },
            }
        );
    }
}
