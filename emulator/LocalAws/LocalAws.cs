using System.Globalization;

namespace Disa.Emulator;

/// <summary>An AWS inside this process: in memory, without a port, with a clock, an account and faults of its own.</summary>
/// <remarks>
/// Any number run beside each other in one process. Requests of the AWS SDK go through the SDK's whole pipeline and the emulator's own
/// gateway, without a socket. Dispose it at the end of the test.
/// </remarks>
public sealed class LocalAws : AwsAccount, IAsyncDisposable
{
    private readonly Session session;

    private LocalAws(Session session)
        : base(session, session.Options.Account)
    {
        this.session = session;
        Time = new LocalTime(session);
        Faults = new LocalFaults(session.Cloud);
    }

    /// <summary>Its clock.</summary>
    public LocalTime Time { get; }

    /// <summary>What goes wrong on purpose.</summary>
    public LocalFaults Faults { get; }

    /// <summary>What AWS would bill, since the start or since the saved state was made.</summary>
    public IReadOnlyList<UsageItem> Usage =>
        [.. session.Cloud.Meter.Lines.Select(line => new UsageItem(line.Service, line.Resource, line.Unit, line.Amount))];

    /// <summary>Where other processes reach it: null until <see cref="ListenAsync"/>, or until a function's process is started.</summary>
    public Uri? Endpoint => session.Cloud.IsListening ? session.Cloud.Endpoint : null;

    /// <summary>Hears of each commit.</summary>
    internal void Tell(Action committed) => session.Told += committed;

    /// <summary>Starts an empty one, or one that goes on from <see cref="LocalAwsOptions.DataDirectory"/>.</summary>
    public static Task<LocalAws> StartAsync(LocalAwsOptions? options = null, CancellationToken cancellationToken = default) =>
        Start(options ?? new LocalAwsOptions(), null, cancellationToken);

    /// <summary>Starts one with a copy of a state that <see cref="SaveAsync"/> wrote, or of the data folder of a <c>disa up</c> that has ended.</summary>
    /// <param name="path">The directory; it stays as it is, and any number of copies can be made of it.</param>
    /// <param name="options">How it starts. The account is that of the saved state unless it is given.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="DirectoryNotFoundException">There is no saved state.</exception>
    public static Task<LocalAws> RestoreAsync(
        string path,
        LocalAwsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        File.Exists(Path.Combine(path, "disa.db"))
            ? Start(options ?? new LocalAwsOptions(), path, cancellationToken)
            : throw new DirectoryNotFoundException($"{path} has no saved state: there is no disa.db in it.");

    /// <summary>Writes all there is to a directory: a deployed state once, for a copy in each test. <c>disa up --data</c> opens it too.</summary>
    /// <param name="path">The directory, which is made where it is missing. A state that is in it already is replaced.</param>
    /// <param name="cancellationToken">Ends the wait until nothing is in progress.</param>
    /// <exception cref="TimeoutException">Something was still in progress when <see cref="LocalAwsOptions.Patience"/> ended.</exception>
    /// <remarks>Functions that <see cref="AwsAccount.AddFunctionAsync(string, FunctionHandler, FunctionOptions)"/> added are saved without their handlers.</remarks>
    public async Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        await SettledAsync(cancellationToken).ConfigureAwait(false);
        session.Cloud.Save(Path.GetFullPath(path));
    }

    /// <summary>Completes when nothing is in progress any more: no request, stream, mapping, workflow, delivery or retry that is due.</summary>
    /// <remarks>What falls due later is not waited for: move the clock there with <see cref="LocalTime.AdvanceAsync"/>.</remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Something is still in progress after <see cref="LocalAwsOptions.Patience"/>; the message names it.</exception>
    public Task SettledAsync(CancellationToken cancellationToken = default) => session.Settled(cancellationToken);

    /// <summary>Opens a port on a loopback address, for clients in other languages and processes.</summary>
    /// <returns>Where it answers, as <c>AWS_ENDPOINT_URL</c> wants it.</returns>
    public async Task<Uri> ListenAsync()
    {
        await session.Cloud.Listen().ConfigureAwait(false);
        return session.Cloud.Endpoint;
    }

    /// <summary>Another account of the same AWS: its resources, mails and functions are its own; clock and faults are shared.</summary>
    /// <param name="id">Twelve digits.</param>
    public AwsAccount Account(string id) =>
        id is { Length: 12 } && id.All(char.IsAsciiDigit)
            ? new AwsAccount(session, id)
            : throw new ArgumentException("An account is twelve digits.", nameof(id));

    /// <summary>An account that nobody has used yet.</summary>
    public AwsAccount NewAccount() => Account(session.NextAccount().ToString("D12", CultureInfo.InvariantCulture));

    /// <summary>Ends it; what it held is gone.</summary>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static async Task<LocalAws> Start(LocalAwsOptions options, string? from, CancellationToken cancellation)
    {
        var cloud = await LocalCloud
            .Start(
                new LocalCloudOptions
                {
                    From = from,
                    DataDirectory = from is null && options.DataDirectory is { } directory ? Path.GetFullPath(directory) : null,
                    Listens = false,
                    Port = options.Port,
                    Pages = options.Pages,
                    Account = options.Account,
                    EnforceIam = options.EnforceIam,
                    Instant = options.Instant,
                    Wall = options.TimeProvider,
                    Loggers = options.Loggers,
                },
                cancellation
            )
            .ConfigureAwait(false);
        cloud.MarkReady();
        return new LocalAws(new Session(cloud, options));
    }
}
