using System.Diagnostics;
using Disa.Cli.Deploy;
using Disa.Emulator;
using Disa.Emulator.Aws;
using Disa.Emulator.Faults;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Cli;

/// <summary>An emulator inside this process, and the session that deploys to it through the wire.</summary>
internal sealed class RunningEmulator : IAsyncDisposable
{
    private readonly LocalCloud cloud;

    private RunningEmulator(LocalCloud cloud, AwsSession session)
    {
        this.cloud = cloud;
        Session = session;
    }

    public AwsSession Session { get; }

    public Uri Endpoint => cloud.Endpoint;

    /// <summary>Seconds from the start of this process until all was deployed.</summary>
    public double SecondsToReady { get; private set; }

    public static async Task<RunningEmulator> Start(
        LocalCloudOptions options,
        string region,
        CancellationToken cancellation,
        string stackName = "disa"
    )
    {
        try
        {
            var console = new EmulatorConsole();

            // Whoever stops it while it starts does not wait for that: nothing is acknowledged yet, and the folder's lock ends with the process.
            var starting = Task.Run(() => LocalCloud.Start(options with { Pages = console.Answer }, cancellation), CancellationToken.None);
            var cloud = await starting.WaitAsync(cancellation).ConfigureAwait(false);
            var target = Target.Emulator(cloud.Endpoint, region);
            if (options.OnlyIssuedKeys)
            {
                var root = await cloud.RootCredentials(region).ConfigureAwait(false);
                KeyFile.Write(options.DataDirectory!, root.AccessKeyId, root.SecretAccessKey, root.SessionToken);
                target = target with
                {
                    Credentials = new Amazon.Runtime.SessionAWSCredentials(root.AccessKeyId, root.SecretAccessKey, root.SessionToken),
                };
            }

            var emulator = new RunningEmulator(cloud, new AwsSession(target));
            console.Serve(emulator.Session, stackName, cloud.Tell);
            return emulator;
        }
        catch (InvalidDataException unreadable)
        {
            throw new FailureException(unreadable.Message);
        }
        catch (FolderTakenException taken)
        {
            throw new UsageException($"{taken.Message.TrimEnd('.')}; choose another directory with --data.");
        }
        catch (IOException taken) when (taken.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"port {options.Port} is taken, perhaps by another `{CommandName.Current} up`; choose another one with --port."
            );
        }
        catch (System.Net.Sockets.SocketException)
        {
            throw new UsageException($"{options.Address} is not an address of this machine.");
        }
        catch (Disa.Emulator.Store.DataFolderException unusable)
        {
            throw new UsageException(unusable.Message);
        }
        catch (Exception unusable)
            when (options.DataDirectory is not null
                && unusable is IOException or UnauthorizedAccessException or SqliteException { SqliteErrorCode: 8 or 13 or 14 or 26 }
            )
        {
            throw new UsageException(
                $"{options.DataDirectory} cannot be used for data ({unusable.Message.TrimEnd('.')}); choose another directory with --data."
            );
        }
        catch (ArgumentException address) when (address.ParamName == "address")
        {
            throw new UsageException($"'{options.Smtp}' is not host:port of an SMTP server.");
        }
        catch (SqliteException locked) when (locked.SqliteErrorCode is 5 or 6)
        {
            throw new UsageException(
                $"{options.DataDirectory} is in use by another `{CommandName.Current} up`; choose another directory with --data."
            );
        }
    }

    /// <summary>Deploys the stacks and confirms the subscription.</summary>
    /// <param name="artefacts">What is deployed.</param>
    /// <param name="further">Root stack parameters that are not at their defaults.</param>
    /// <param name="table">A table that is there already, to which Disa is attached.</param>
    public async Task<Deployment> Deploy(
        Artefacts artefacts,
        string stackName,
        string email,
        Action<string> say,
        CancellationToken cancellation,
        IReadOnlyDictionary<string, string>? further = null,
        string? table = null
    )
    {
        var deployer = new Deployer(Session, artefacts, stackName, new DeployListener { Say = say }) { Table = table };
        var deployment = (
            await deployer
                .Deploy(
                    new Dictionary<string, string>(further ?? new Dictionary<string, string>()) { ["NotificationEmail"] = email },
                    cancellation
                )
                .ConfigureAwait(false)
        )!;
        say("Confirming the subscription");
        await Subscription.Confirm(Session, deployment, email, cancellation).ConfigureAwait(false);
        IsReady();
        return deployment;
    }

    /// <summary>From now on it says that it is ready.</summary>
    public void IsReady()
    {
        cloud.MarkReady();
        using var process = Process.GetCurrentProcess();
        SecondsToReady = (TimeProvider.System.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalSeconds;
    }

    /// <summary>Completes when nothing is in progress.</summary>
    public Task Settle(TimeSpan atMost) => cloud.Clock.Settle(atMost);

    /// <exception cref="UsageException">One of them is not a fault.</exception>
    public void CheckFaults(IReadOnlyList<string> specs)
    {
        try
        {
            FaultPlan.Check(specs, cloud.Services);
        }
        catch (AwsException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    /// <summary>From now on these go wrong.</summary>
    public void AddFaults(IReadOnlyList<string> specs, long? seed) => cloud.Faults.Add(specs, seed, cloud.Services);

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await cloud.DisposeAsync().ConfigureAwait(false);
    }
}
