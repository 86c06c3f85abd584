using System.Net;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Http;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator;

/// <summary>The composition root: an AWS on one machine, everything built in dependency order by hand.</summary>
public sealed class LocalCloud : IAsyncDisposable
{
    private static readonly Scope Everywhere = new("", "");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const string ColumnsKey = "disa.db columns";

    /// <summary>What answers name while no port is open: requests in this process get here by any address.</summary>
    private static readonly Uri Unlistened = new("http://localhost");

    /// <summary>What is someone's data, and not sealed by a key of its own as items, messages, mails and objects are.</summary>
    internal static readonly SealedColumn[] SealedColumns =
    [
        Migration.SealedDocuments,
        new("cloudformation_event", "value"),
        new("cloudwatch_action", "subject"),
        new("cloudwatch_action", "body"),
        new("cloudwatch_history", "summary"),
        new("cloudwatch_history", "data"),
        new("events_delivery", "value"),
        new("lambda_async", "payload"),
        new("logs_event", "message"),
        new("s3_upload", "meta"),
        new("s3_version", "meta"),
        new("sns_mail", "subject"),
        new("sqs_message", "attributes"),
        new("stepfunctions_event", "value"),
        new("stepfunctions_execution", "cause"),
        new("stepfunctions_execution", "error"),
        new("stepfunctions_execution", "input"),
        new("stepfunctions_execution", "output"),
        new("stepfunctions_position", "value"),
        new("stepfunctions_revision", "value"),
    ];

    private readonly LocalCloudOptions options;
    private readonly List<Room> rooms = [];
    private readonly Lock listening = new();
    private readonly Gateway gateway;
    private readonly Kms.Keys keys;
    private readonly EmulatorEndpoint endpoint;
    private readonly Shelf<StoredClock> storedClock;
    private readonly Usage.ApiUsage usage;
    private Task<HttpServer>? server;
    private DataFolder? folder;
    private volatile bool ready;

    private LocalCloud(LocalCloudOptions options)
    {
        this.options = options;
        var file = options.DataDirectory is null ? null : DataFolder.DatabaseIn(options.DataDirectory);
        var copied = options.From is null ? null : DataFolder.DatabaseIn(options.From);
        var isNew = file is null || !File.Exists(file) || new FileInfo(file).Length == 0;
        if (options.DataDirectory is { } directory)
        {
            DataFolder.CreatePrivate(directory);
        }

        endpoint = new EmulatorEndpoint
        {
            DefaultAccount = options.Account,
            Uri = Unlistened,
            Listen = Listen,
        };
        Clock = new Clock(options.Wall);
        Database = Database.Open(
            new DatabaseOptions
            {
                Path = file,
                From = copied,
                Key =
                    file is not null ? Kms.RootKey.Open(options.DataDirectory, mayCreate: isNew).Derive(ColumnsKey)
                    : copied is not null && Database.IsSealed(copied) ? Kms.RootKey.Open(options.From, mayCreate: false).Derive(ColumnsKey)
                    : null,
                Sealed = SealedColumns,
                BeforeWrite = options.BeforeWrite,
            },
            [
                // Each room's tables, one line a room.
                CloudFormation.StackStore.Events,
                .. S3.S3Room.Migrations,
                .. Sqs.SqsRoom.Migrations,
                .. Sns.SnsRoom.Migrations,
                .. CloudWatch.CloudWatchRoom.Migrations,
                .. Events.EventsRoom.Migrations,
                .. Scheduler.SchedulerRoom.Migrations,
                .. Logs.LogsRoom.Migrations,
                .. Lambda.LambdaRoom.Migrations,
                .. DynamoDb.DynamoDbRoom.Migrations,
                .. StepFunctions.StepFunctionsRoom.Migrations,
            ]
        );
        storedClock = new Shelf<StoredClock>(Database, "disa.clock", LocalCloudJson.Default.StoredClock);
        Clock.Restore(TimeSpan.FromTicks(storedClock.Get(Everywhere, "offset")?.OffsetTicks ?? 0));
        Faults = new Faults.FaultPlan(options.Wall);
        gateway = new Gateway(endpoint, Clock, options.Loggers.CreateLogger("Disa.Gateway"))
        {
            Pages = options.Pages,
            Door = new Door(options.AllowedHosts),
            OnlyIssuedKeys = options.OnlyIssuedKeys,
            IsDead = (features, accessKeyId) => Faults.IsDead(features.Get<Faults.Connection>(), accessKeyId),
        };
        Add(new Faults.FaultsRoom(Faults, Services));
        var meter = Meter = new UsageMeter(Clock);
        Add(new Usage.UsageRoom(Database, Clock, meter));
        usage = new Usage.ApiUsage(meter);

        // Rooms, in the order in which they know each other.
        var metrics = new CloudWatch.MetricSink(Database);
        keys = new Kms.Keys(Database, Clock, options.DataDirectory ?? options.From);
        var tokens = keys.Tokens;
        var iam = Add(new Iam.IamRoom(Database, Clock, options.EnforceIam, tokens, options.Loggers));
        gateway.Credentials = iam.FindCredential;
        RoleCredentials = iam.RoleCredentials;
        var rights = gateway.Rights = Services.Rights = iam.Rights;
        var bus = new Events.EventBus(Database, Clock);
        var kms = Keys = Add(new Kms.KmsRoom(Clock, keys, rights, meter, options.Loggers));
        var dynamoDb = Dynamo = Add(
            new DynamoDb.DynamoDbRoom(
                Database,
                Clock,
                endpoint,
                kms.DataKeys,
                tokens,
                Faults,
                rights,
                Services,
                meter,
                options.Loggers,
                options.Instant
            )
        );
        Add(new Secrets.SecretsRoom(Database, Clock, kms.DataKeys, tokens, meter, options.Loggers));
        Add(new Ssm.SsmRoom(Database, Clock, kms.DataKeys, tokens, Services, meter));
        Add(new S3.S3Room(Database, Clock, kms.DataKeys, tokens, options.Loggers));
        var sqs = Add(new Sqs.SqsRoom(Database, Clock, endpoint, kms.DataKeys, tokens, rights, meter));

        var readObject = options.ReadTemplate ?? CloudFormation.S3Objects.Through(Services);
        var logs = Add(new Logs.LogsRoom(Database, Clock, kms.DataKeys, tokens, metrics, rights, Faults, meter, options.Loggers));
        var lambda = Add(
            new Lambda.LambdaRoom(
                Database,
                Clock,
                endpoint,
                options.DataDirectory,
                tokens,
                new Lambda.LambdaNeighbours
                {
                    Logs = logs.Sink,
                    Fetch = async (caller, bucket, key, version) =>
                        await readObject(bucket, key, version, caller, CancellationToken.None).ConfigureAwait(false),
                    Credentials = async (role, session, scope) =>
                    {
                        var issued = await iam.RoleCredentials.Issue(role, session, scope).ConfigureAwait(false);
                        return new Lambda.FunctionCredentials(
                            issued.AccessKeyId,
                            issued.SecretAccessKey,
                            issued.SessionToken,
                            issued.Expiration
                        );
                    },
                    RoleExists = (role, _) => iam.RoleCredentials.Trusts(role, "lambda.amazonaws.com"),
                    Streams = Lambda.StreamAccess.To(dynamoDb.StreamReader),
                    QueueReader = sqs.Reader,
                    QueueSender = sqs.Sender,
                    Services = Services,
                    Faults = Faults,
                    Meter = meter,
                    Rights = rights,
                    ToReadStream = dynamoDb.Rights.ToPoll,
                    ToReadQueue = sqs.ToPoll,
                    Instant = options.Instant,
                    Local = new Lambda.LocalRuns(options.FunctionFolders, options.DebuggedFunctions),
                },
                options.Loggers
            )
        );
        Functions = lambda.Functions;
        HostedFunctions = lambda.Hosted;
        var workflows = Add(
            new StepFunctions.StepFunctionsRoom(
                Database,
                Clock,
                tokens,
                Services,
                new StepFunctions.Neighbours
                {
                    Invoke = (function, qualifier, payload, type, caller, cancellation) =>
                        Faults.IsActive
                            ? Faults.Around(
                                "lambda",
                                "Invoke",
                                caller,
                                () => lambda.Invoker.InvokeAs(function, qualifier, payload, type, caller, cancellation),
                                cancellation
                            )
                            : lambda.Invoker.InvokeAs(function, qualifier, payload, type, caller, cancellation),
                    Trusts = (role, machine) => !rights.Enforces || iam.RoleCredentials.Trusts(role, "states.amazonaws.com", machine),
                    Rights = rights,
                    Read = readObject.Invoke,
                    Log = logs.Sink.Deliver,
                    Event = bus.Put,
                },
                meter,
                options.Loggers.CreateLogger("Disa.StepFunctions")
            )
        );
        Task Invoke(string function, ReadOnlyMemory<byte> payload, Caller caller, CancellationToken cancellation) =>
            lambda.Invoker.InvokeAs(function, null, payload, Lambda.InvocationType.Event, caller, cancellation);
        var sns = Add(
            new Sns.SnsRoom(
                Database,
                Clock,
                endpoint,
                kms.DataKeys,
                tokens,
                sqs.Sender,
                Invoke,
                options.Smtp,
                rights,
                meter,
                options.Loggers
            )
        );
        Mailbox = sns.Mailbox;
        Add(
            new CloudWatch.CloudWatchRoom(
                Database,
                Clock,
                tokens,
                metrics,
                new CloudWatch.AlarmAudience(sns.Publisher.Publish, Invoke, bus.Put),
                meter,
                sqs.Gauges,
                options.Loggers
            )
        );
        var events = Add(
            new Events.EventsRoom(
                Database,
                Clock,
                tokens,
                bus,
                new Events.TargetCalls(
                    Invoke,
                    (queue, body, attributes, group, deduplication, caller) =>
                        sqs.Sender.Send(
                            queue,
                            body,
                            attributes.ToDictionary(
                                pair => pair.Key,
                                pair => new Sqs.MessageAttribute { DataType = "String", StringValue = pair.Value }
                            ),
                            caller,
                            group,
                            deduplication
                        ),
                    Services,
                    bus,
                    iam.RoleCredentials.Trusts
                ),
                options.Loggers
            )
        );
        Add(new Scheduler.SchedulerRoom(Database, Clock, tokens, events, Services, meter, options.Loggers));

        // CloudFormation comes last: it takes every room's resource types.
        var stacks = Add(
            new CloudFormation.CloudFormationRoom(
                Database,
                Clock,
                [.. rooms.SelectMany(room => room.Resources), .. options.FurtherResources],
                endpoint,
                readObject,
                new CloudFormation.StepRights(rights, iam.RoleCredentials.Trusts, Existing),
                Services,
                tokens,
                options.Loggers
            )
        );
        ResourceTypes = [.. stacks.Types.Values];
        Checks = new Check.ArtefactCheck(stacks.Types, workflows.Diagnose);
        foreach (var service in rooms.SelectMany(room => room.Services))
        {
            service.Around = Around;
            Services.Add(service);
            gateway.Add(service);
        }

        foreach (var admin in OwnEndpoints().Concat(rooms.SelectMany(room => room.AdminEndpoints)))
        {
            gateway.Add(admin);
        }
    }

    public Clock Clock { get; }

    public Database Database { get; }

    public ServiceDirectory Services { get; } = new();

    /// <summary>What was asked to go wrong.</summary>
    public Faults.FaultPlan Faults { get; }

    internal DynamoDb.DynamoDbRoom Dynamo { get; }

    internal Kms.KmsRoom Keys { get; }

    /// <summary>Issues temporary credentials, as services do for themselves.</summary>
    public Iam.RoleCredentials RoleCredentials { get; }

    /// <summary>A key of the account's root user, for as long as this emulator runs.</summary>
    public Task<Iam.SessionCredentials> RootCredentials(string region) =>
        RoleCredentials.IssueRoot(Arn.Partition(region), endpoint.DefaultAccount);

    internal Check.ArtefactCheck Checks { get; }

    /// <summary>Every CloudFormation resource type that a room brings.</summary>
    internal IReadOnlyList<IResource> ResourceTypes { get; }

    internal Shelf<Lambda.Function> Functions { get; }

    internal Lambda.HostedFunctions HostedFunctions { get; }

    internal Sns.Mailbox Mailbox { get; }

    internal UsageMeter Meter { get; }

    /// <summary>Whether a port is open.</summary>
    internal bool IsListening => Volatile.Read(ref server) is { IsCompletedSuccessfully: true };

    /// <summary>Where it answers, such as <c>http://127.0.0.1:4566</c>.</summary>
    public Uri Endpoint => endpoint.Uri;

    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="FolderTakenException">Another process owns the data directory.</exception>
    public static async Task<LocalCloud> Start(LocalCloudOptions options, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();

        // Before anything in the folder is touched, and to the last.
        var folder = options.DataDirectory is { } directory ? DataFolder.Own(directory, options.Wall) : null;
        LocalCloud cloud;
        try
        {
            cloud = new LocalCloud(options) { folder = folder };
        }
        catch
        {
            folder?.Dispose();
            throw;
        }

        try
        {
            if (options.Listens)
            {
                await cloud.Listen().ConfigureAwait(false);
            }

            foreach (var room in cloud.rooms)
            {
                room.Start();
            }

            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens the port, once.</summary>
    /// <exception cref="IOException">It is taken.</exception>
    public Task Listen()
    {
        lock (listening)
        {
            return server ??= Serve();
        }
    }

    /// <summary>Answers a request that came by another way than the port.</summary>
    internal Task Handle(HttpContext context) => gateway.Handle(context);

    /// <summary>Writes all there is to a directory, which <see cref="LocalCloudOptions.From"/> and <see cref="LocalCloudOptions.DataDirectory"/> take.</summary>
    /// <param name="directory">Made where it is missing; its <c>disa.db</c> and <c>root.key</c> are replaced.</param>
    internal void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var old in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(DataFolder.DatabaseIn(directory) + old);
        }

        DataFolder.CreatePrivate(directory);
        keys.SaveRootKey(directory);
        Database.CopyTo(DataFolder.DatabaseIn(directory));
    }

    /// <summary>Checks templates and state machines against what the rooms know of their resources; nothing is started.</summary>
    public static async Task<IReadOnlyList<Check.Finding>> CheckFiles(IReadOnlyList<Check.CheckedFile> files)
    {
        await using var cloud = new LocalCloud(new LocalCloudOptions());
        return cloud.Checks.Run(files);
    }

    /// <summary>Looks through a data folder: the file as a whole, every document, and that the root key is its own. Nothing is started; a folder of an older version is brought up to date.</summary>
    /// <returns>What is wrong, a sentence each; nothing where all is well.</returns>
    /// <exception cref="DataFolderException">It cannot be opened at all.</exception>
    public static async Task<IReadOnlyList<string>> CheckData(string directory)
    {
        if (!File.Exists(DataFolder.DatabaseIn(directory)))
        {
            throw new DataFolderException($"{directory} has no disa.db.");
        }

        using var folder = DataFolder.Own(directory, TimeProvider.System);
        await using var cloud = new LocalCloud(new LocalCloudOptions { DataDirectory = directory });
        return cloud.Database.Check(SealedColumns);
    }

    /// <summary>Takes AWS secrets out of this process's environment, where functions could read them: for a process that is an emulator and no more.</summary>
    public static void ClearSecrets() => OwnEnvironment.Clear();

    /// <summary>What a template declares.</summary>
    public static Check.TemplateContent ReadTemplate(Check.CheckedFile file) => Check.ArtefactCheck.Content(file);

    /// <summary>From now on this hears of each commit, on the writer's thread.</summary>
    public void Tell(Action committed) => Database.Committed = committed;

    /// <summary>From now on <c>GET /_disa/health</c> answers 200: what was to be deployed is.</summary>
    public void MarkReady() => ready = true;

    /// <inheritdoc cref="Advance(TimeSpan, TimeSpan, CancellationToken)"/>
    public Task Advance(TimeSpan span, CancellationToken cancellation = default) => Advance(span, Patience, cancellation);

    /// <summary>Moves the clock forward, through everything that falls due on the way; the new offset survives a restart.</summary>
    /// <param name="span">How far; not negative.</param>
    /// <param name="patience">How long, in real time, what falls due may take before the clock moves on regardless.</param>
    /// <param name="cancellation">Ends the move at the due time that it has reached.</param>
    /// <exception cref="ClockMovingException">It is being moved already.</exception>
    internal Task Advance(TimeSpan span, TimeSpan patience, CancellationToken cancellation) =>
        Clock.Advance(
            span,
            patience,
            offset => Database.Write(transaction => storedClock.Put(transaction, Everywhere, "offset", new StoredClock(offset.Ticks))),
            cancellation
        );

    /// <summary>Empties an account, in all Regions.</summary>
    public Task Reset(string account) =>
        Database.Write(transaction =>
        {
            Database.ResetShelves(transaction, account);
            foreach (var room in rooms)
            {
                room.Reset(transaction, account);
            }
        });

    public async ValueTask DisposeAsync()
    {
        // From here on everything fails because the emulator stops; none of that is to be kept.
        Database.StopRecording();
        if (server is not null)
        {
            await ((Task)server).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (server.IsCompletedSuccessfully)
            {
                await (await server.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }

        for (var i = rooms.Count - 1; i >= 0; i--)
        {
            await rooms[i].DisposeAsync().ConfigureAwait(false);
        }

        Database.Dispose();
        folder?.Dispose();
    }

    private async Task<HttpServer> Serve()
    {
        var opened = await HttpServer
            .Start(
                new IPEndPoint(options.Address, options.Port),
                gateway.Handle,
                NullLoggerFactory.Instance,
                CancellationToken.None,
                features => features.Set(Faults.Connected())
            )
            .ConfigureAwait(false);
        var host =
            options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : options.Address;
        endpoint.Uri = new Uri($"http://{new IPEndPoint(host, opened.Address.Port)}");
        folder?.Answers(endpoint.Uri);
        return opened;
    }

    private Task<object> Around(AwsService service, Operation operation, object input, Caller caller, CancellationToken cancellation)
    {
        usage.Call(service, operation, caller);
        return Faults.IsActive
            ? Faults.Around(service.SdkName, operation.Name, caller, () => operation.Run(input, caller, cancellation), cancellation)
            : operation.Run(input, caller, cancellation);
    }

    /// <summary>What its room knows of a resource, its own policy above all.</summary>
    private Access? Existing(string arn, Caller caller)
    {
        foreach (var room in rooms)
        {
            if (room.Existing(arn, caller) is { } access)
            {
                return access;
            }
        }

        return null;
    }

    private T Add<T>(T room)
        where T : Room
    {
        rooms.Add(room);
        return room;
    }

    private IEnumerable<AdminEndpoint> OwnEndpoints()
    {
        var time = new ClockEndpoints(Clock, Advance, account => rooms.SelectMany(room => room.Upcoming(account, ClockEndpoints.Most)));
        foreach (var one in time.All(() => Json(State()), endpoint.DefaultAccount))
        {
            yield return one;
        }

        yield return new(
            "GET",
            "health",
            (_, _) =>
            {
                var health = State();
                return Task.FromResult(Json(health, health.Status == "ready" ? 200 : 503));
            }
        );
        yield return new(
            "POST",
            "reset",
            async (request, _) =>
            {
                var account = request.Query.GetValueOrDefault("account", endpoint.DefaultAccount);
                await Reset(account).ConfigureAwait(false);
                return new AdminResponse("{}"u8.ToArray());
            }
        );
    }

    private Health State()
    {
        string[] problems = [.. rooms.SelectMany(room => room.Problems).Prepend(Database.Trouble).OfType<string>()];
        return new Health(
            !ready ? "starting"
                : problems.Length > 0 ? "degraded"
                : "ready",
            Clock.GetUtcNow(),
            (long)Clock.Offset.TotalSeconds,
            endpoint.DefaultAccount
        )
        {
            Problems = problems.Length > 0 ? problems : null,
            MovingTo = Clock.MovingTo,
        };
    }

    private static AdminResponse Json(Health health, int status = 200) =>
        new(JsonSerializer.SerializeToUtf8Bytes(health, LocalCloudJson.Default.Health), Status: status);
}

internal sealed record StoredClock(long OffsetTicks);

/// <summary>What <c>GET /_disa/health</c> answers.</summary>
internal sealed record Health(string Status, DateTimeOffset Now, long OffsetSeconds, string Account)
{
    /// <summary>What does not work as it should, a sentence each; null where all does.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>Where the clock is being moved to; null while it stands.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? MovingTo { get; init; }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase
)]
[System.Text.Json.Serialization.JsonSerializable(typeof(StoredClock))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Health))]
internal sealed partial class LocalCloudJson : System.Text.Json.Serialization.JsonSerializerContext;
