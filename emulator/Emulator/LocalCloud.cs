using Disa.Emulator.Aws;
using Disa.Emulator.Http;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator;

/// <summary>The composition root: an AWS on one machine, everything built in dependency order by hand.</summary>
public sealed class LocalCloud : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What answers name while no port is open: requests in this process get here by any address.</summary>
    private static readonly Uri Unlistened = new("http://localhost");

    private readonly LocalCloudOptions options;
    private readonly List<Room> rooms = [];
    private readonly Gateway gateway;
    private readonly Listener listener;
    private readonly Kms.Keys keys;
    private readonly EmulatorEndpoint endpoint;
    private readonly ClockOffset clockOffset;
    private readonly HealthReport health;
    private DataFolder? folder;

    private LocalCloud(LocalCloudOptions options)
    {
        this.options = options;
        endpoint = new EmulatorEndpoint
        {
            DefaultAccount = options.Account,
            Uri = Unlistened,
            Listen = Listen,
        };
        Clock = new Clock(options.Wall);
        Database = CloudDatabase.Open(options);
        clockOffset = new ClockOffset(Database);
        Clock.Restore(clockOffset.Read());
        Faults = new Faults.FaultPlan(options.Wall);
        Add(new Faults.FaultsRoom(Faults, Services));
        var meter = Meter = new UsageMeter(Clock);
        Add(new Usage.UsageRoom(Database, Clock, meter));
        var calls = new CallPipeline(new Usage.ApiUsage(meter), Faults);

        // Rooms, in the order in which they know each other.
        var metrics = new CloudWatch.MetricSink(Database);
        keys = new Kms.Keys(Database, Clock, options.DataDirectory ?? options.From);
        var tokens = keys.Tokens;
        var iam = Add(new Iam.IamRoom(Database, Clock, options.EnforceIam, tokens, options.Loggers));
        RoleCredentials = iam.RoleCredentials;
        var rights = Services.Rights = iam.Rights;
        gateway = new Gateway(
            new Callers(endpoint, Clock, iam.FindCredential) { OnlyIssuedKeys = options.OnlyIssuedKeys },
            rights,
            Clock,
            options.Loggers.CreateLogger("Disa.Gateway")
        )
        {
            Pages = options.Pages,
            Door = new Door(options.AllowedHosts),
            IsDead = (features, accessKeyId) => Faults.IsDead(features.Get<Faults.Connection>(), accessKeyId),
        };
        listener = new Listener(options, gateway, Faults, endpoint) { Listening = at => folder?.Answers(at) };
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
        var secrets = Add(new Secrets.SecretsRoom(Database, Clock, kms.DataKeys, tokens, rights, meter, options.Loggers));
        Add(new Ssm.SsmRoom(Database, Clock, kms.DataKeys, tokens, Services, meter));
        var sqs = Add(new Sqs.SqsRoom(Database, Clock, endpoint, kms.DataKeys, tokens, rights, meter));

        var readObject = options.ReadTemplate ?? S3Objects.Through(Services);
        var logs = Add(new Logs.LogsRoom(Database, Clock, kms.DataKeys, tokens, metrics, rights, Faults, meter, Services, options.Loggers));
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
                    Fetch = Arrows.LambdaToS3(readObject),
                    Credentials = Arrows.LambdaToIam(iam.RoleCredentials),
                    RoleExists = Arrows.LambdaToTrust(iam.RoleCredentials),
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
                    Invoke = Arrows.StepFunctionsToLambda(lambda.Invoker, calls),
                    Trusts = Arrows.StepFunctionsToTrust(rights, iam.RoleCredentials),
                    Rights = rights,
                    Read = readObject,
                    Log = logs.Sink.Deliver,
                    Event = bus.Put,
                },
                meter,
                options.Loggers.CreateLogger("Disa.StepFunctions")
            )
        );
        var sns = Add(
            new Sns.SnsRoom(
                Database,
                Clock,
                endpoint,
                kms.DataKeys,
                tokens,
                sqs.Sender,
                Arrows.SnsToLambda(lambda.Invoker),
                Arrows.SnsToLogs(logs.Sink),
                Arrows.SnsToTrust(rights, iam.RoleCredentials),
                options.Smtp,
                new Sns.HttpEndpoints(options.DeliverTo),
                options.TrustedAuthority,
                rights,
                meter,
                options.Loggers
            )
        );
        Mailbox = sns.Mailbox;
        Add(
            new S3.S3Room(
                Database,
                Clock,
                kms.DataKeys,
                tokens,
                Arrows.S3ToTargets(sqs.Sender, sns.Publisher, lambda.Invoker, bus),
                options.Loggers
            )
        );
        var watch = Add(
            new CloudWatch.CloudWatchRoom(
                Database,
                Clock,
                tokens,
                metrics,
                new CloudWatch.AlarmAudience(sns.Publisher.Publish, Arrows.CloudWatchToLambda(lambda.Invoker), bus.Put),
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
                    Arrows.EventsToLambda(lambda.Invoker),
                    Arrows.EventsToSqs(sqs.Sender),
                    Services,
                    bus,
                    iam.RoleCredentials.Trusts
                ),
                Arrows.EventsToSecrets(secrets.Owned),
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
                watch.Alarms,
                tokens,
                options.Loggers
            )
        );
        ResourceTypes = [.. stacks.Types.Values];
        Checks = new Check.ArtefactCheck(stacks.Types, workflows.Diagnose);
        health = new HealthReport(Database, Clock, rooms, options.Account);
        foreach (var service in rooms.SelectMany(room => room.Services))
        {
            service.Around = calls.Run;
            Services.Add(service);
            gateway.Add(service);
        }

        foreach (var site in rooms.SelectMany(room => room.Sites))
        {
            gateway.Add(site);
        }

        foreach (var admin in new OwnEndpoints(this, health, options.Account).All().Concat(rooms.SelectMany(room => room.AdminEndpoints)))
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

    internal IReadOnlyList<Room> Rooms => rooms;

    /// <summary>Every CloudFormation resource type that a room brings.</summary>
    internal IReadOnlyList<IResource> ResourceTypes { get; }

    internal Shelf<Lambda.Function> Functions { get; }

    internal Lambda.HostedFunctions HostedFunctions { get; }

    internal Sns.Mailbox Mailbox { get; }

    internal UsageMeter Meter { get; }

    /// <summary>Whether a port is open.</summary>
    internal bool IsListening => listener.IsListening;

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
    public Task Listen() => listener.Listen();

    /// <summary>Answers a request that came by another way than the port.</summary>
    internal Task Handle(HttpContext context) => gateway.Handle(context);

    /// <summary>Writes all there is to a directory, which <see cref="LocalCloudOptions.From"/> and <see cref="LocalCloudOptions.DataDirectory"/> take.</summary>
    /// <param name="directory">Made where it is missing; its <c>disa.db</c> and <c>root.key</c> are replaced.</param>
    internal void Save(string directory) => CloudDatabase.Save(Database, keys, directory);

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
        return Integrity.Check(cloud.Database, CloudDatabase.SealedColumns);
    }

    /// <summary>Takes AWS secrets out of this process's environment, where functions could read them: for a process that is an emulator and no more.</summary>
    public static void ClearSecrets() => OwnEnvironment.Clear();

    /// <summary>What a template declares.</summary>
    public static Check.TemplateContent ReadTemplate(Check.CheckedFile file) => Check.ArtefactCheck.Content(file);

    /// <summary>From now on this hears of each commit, on the writer's thread.</summary>
    public void Tell(Action committed) => Database.Committed = committed;

    /// <summary>From now on <c>GET /_disa/health</c> answers 200: what was to be deployed is.</summary>
    public void MarkReady() => health.MarkReady();

    /// <inheritdoc cref="Advance(TimeSpan, TimeSpan, CancellationToken)"/>
    public Task Advance(TimeSpan span, CancellationToken cancellation = default) => Advance(span, Patience, cancellation);

    /// <summary>Moves the clock forward, through everything that falls due on the way; the new offset survives a restart.</summary>
    /// <param name="span">How far; not negative.</param>
    /// <param name="patience">How long, in real time, what falls due may take before the clock moves on regardless.</param>
    /// <param name="cancellation">Ends the move at the due time that it has reached.</param>
    /// <exception cref="ClockMovingException">It is being moved already.</exception>
    internal Task Advance(TimeSpan span, TimeSpan patience, CancellationToken cancellation) =>
        Clock.Advance(span, patience, clockOffset.Write, cancellation);

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
        await listener.DisposeAsync().ConfigureAwait(false);
        for (var i = rooms.Count - 1; i >= 0; i--)
        {
            await rooms[i].DisposeAsync().ConfigureAwait(false);
        }

        Database.Dispose();
        folder?.Dispose();
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
}
