using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>Lambda: functions, their processes, and what invokes them.</summary>
internal sealed class LambdaRoom : Room
{
    public static readonly Migration[] Migrations = [.. FunctionStore.Migrations, .. AsyncInvocations.Migrations, MappingStore.Migration];

    private readonly FunctionStore functions;
    private readonly FunctionCode code;
    private readonly FunctionCodeSource source;
    private readonly FunctionActivation activation;
    private readonly SandboxPool pool;
    private readonly LambdaNeighbours neighbours;
    private readonly MappingStore mappings;
    private readonly EventSourceMappings mappingOperations;
    private readonly FunctionUrlConfigs urls;
    private readonly Layers layers;
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
        urls = new FunctionUrlConfigs(functions, endpoint);
        var signing = new CodeSigningConfigs(functions);
        layers = new Layers(functions, source, endpoint);
        var site = new FunctionUrlSite(functions, urls, Invoker, neighbours.Rights);
        IEnumerable<Operation> operations =
        [
            .. new FunctionOperations(
                functions,
                source,
                activation,
                Invoker,
                endpoint,
                neighbours.RoleExists,
                signing,
                neighbours.Instant
            ).All(),
            .. new VersionOperations(functions).All(),
            .. new SettingOperations(functions, mappings, signing).All(),
            .. new MappingOperations(mappingOperations).All(),
            .. new UrlOperations(urls).All(),
            .. new LayerOperations(functions, layers).All(),
            .. new ProvisionOperations(functions, new ProvisionedConcurrencyConfigs(functions, neighbours.Instant)).All(),
        ];
        Services =
        [
            new AwsService("lambda", operations)
            {
                SdkName = "lambda",
                SdkErrorPrefix = "Lambda",
                Protocols = Protocols.RestJson,
                Rights = rights.Of,
                Undone = UndoneOperations.All,
                ErrorShape = code => (LambdaErrors.HasType(code), LambdaErrors.HasCapitalMessage(code)),
            },
        ];
        Sites = [new HostedSite(FunctionUrlSite.IsHost, Services.First(), site.Answer)];
    }

    public Invoker Invoker { get; }

    /// <summary>Functions whose code runs in this process.</summary>
    public HostedFunctions Hosted { get; } = new();

    internal Shelf<Function> Functions => functions.Functions;

    public override IEnumerable<AwsService> Services { get; }

    internal override IEnumerable<HostedSite> Sites { get; }

    public override IEnumerable<AdminEndpoint> AdminEndpoints =>
        [new("GET", "lambda/code/*", (request, _) => Task.FromResult(Download(request)))];

    public override IEnumerable<IResource> Resources =>
        [
            new FunctionResource(functions, source, activation, neighbours.RoleExists),
            new VersionResource(functions, activation),
            new AliasResource(functions),
            new PermissionResource(functions),
            new UrlResource(urls),
            new EventInvokeConfigResource(functions),
            new LayerVersionResource(layers),
            new LayerVersionPermissionResource(functions),
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
}
