using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Disa.Cli.Deploy;
using Disa.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using static Disa.Cli.Commands.UpOptions;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa up --json</c> prints once all is deployed.</summary>
internal sealed record UpReport(
    Uri Endpoint,
    string? StackName,
    double Seconds,
    IReadOnlyDictionary<string, string> Outputs,
    long? FaultSeed = null
);

/// <summary>What <c>disa up --detach --json</c> prints.</summary>
/// <param name="Pid">The process that runs on.</param>
/// <param name="Log">Where it writes.</param>
internal sealed record DetachedReport(Uri Endpoint, int Pid, string Log);

/// <summary><c>disa up</c>: starts the emulator, deploys the stacks to it, and serves until Ctrl-C.</summary>
internal static class UpCommand
{
    /// <summary>How many changed files are named in a line.</summary>
    private const int MostNamed = 5;

    public static Command Create()
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var port) && port is < 0 or > 65535)
            {
                result.AddError($"'{result.Tokens[0].Value}' is not a valid port: ports are 0 to 65535.");
            }
        });
        Iam.AcceptOnlyFromAmong("enforce", "off");
        Keys.AcceptOnlyFromAmong("any", "issued");
        var command = new Command("up", "Start the emulator, deploy Disa to it, and serve until Ctrl-C")
        {
            Port,
            Address,
            AllowHost,
            Data,
            InMemory,
            Bare,
            UpOptions.Instant,
            Watch,
            PackageCommand.Source,
            Detach,
            Email,
            Smtp,
            DeliverTo,
            DeployOptions.Param,
            DeployOptions.Table,
            Iam,
            Keys,
            Fault,
            FaultSeed,
            FunctionFolder,
            DebugFunction,
            CheckData,
            Verbose,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(parsed.GetValue(Address), out var address))
        {
            throw new UsageException($"'{parsed.GetValue(Address)}' is not an IP address.");
        }

        if (parsed.GetValue(CheckData))
        {
            return await Check(Named.Data(parsed)).ConfigureAwait(false);
        }

        if (parsed.GetValue(Detach))
        {
            return await InBackground(parsed, cancellation).ConfigureAwait(false);
        }

        var onlyIssued = parsed.GetValue(Keys) == "issued";
        if (onlyIssued && parsed.GetValue(InMemory))
        {
            throw new UsageException("--keys issued writes its key into the data directory, and --in-memory has none.");
        }

        if (parsed.GetValue(Watch) && parsed.GetValue(Bare))
        {
            throw new UsageException("--watch deploys what changes, and --bare deploys nothing.");
        }

        using var watch = parsed.GetValue(Watch) ? SourceWatch.Of(parsed.GetValue(PackageCommand.Source)?.FullName) : null;
        var artefacts = watch is null ? Artefacts.Find() : Artefacts.InClone(watch.Root);
        using var telemetry = TelemetryExport.Start();
        LocalCloud.ClearSecrets();
        var parameters = TelemetryExport.ToFunctions(DeployOptions.Parameters(parsed));
        using var loggers = Loggers(parsed.GetValue(Verbose));
        await using var emulator = await RunningEmulator
            .Start(
                new LocalCloudOptions
                {
                    Address = address,
                    AllowedHosts = parsed.GetValue(AllowHost)!,
                    OnlyIssuedKeys = onlyIssued,
                    Port = Named.Port(parsed, Port),
                    DataDirectory = parsed.GetValue(InMemory) ? null : Named.Data(parsed),
                    Smtp = parsed.GetValue(Smtp),
                    DeliverTo = parsed.GetValue(DeliverTo)!,
                    EnforceIam = parsed.GetValue(Iam) == "enforce",
                    Instant = parsed.GetValue(UpOptions.Instant),
                    FunctionFolders = Folders(parsed),
                    DebuggedFunctions = parsed.GetValue(DebugFunction)!,
                    Loggers = loggers,
                },
                parsed.GetValue(CommonOptions.Region) ?? "us-east-1",
                cancellation,
                parsed.GetValue(CommonOptions.Stack)!
            )
            .ConfigureAwait(false);

        var faults = parsed.GetValue(Fault)!;
        emulator.CheckFaults(faults);
        Task<Deployment> Deploy(Action<string> say, Artefacts from) =>
            emulator.Deploy(
                from,
                parsed.GetValue(CommonOptions.Stack)!,
                parsed.GetValue(Email)!,
                say,
                cancellation,
                parameters,
                parsed.GetValue(DeployOptions.Table)
            );
        Deployment? deployment = null;
        if (parsed.GetValue(Bare))
        {
            emulator.IsReady();
        }
        else
        {
            deployment = await Terminal.Progress("Deploying", say => Deploy(say, artefacts)).ConfigureAwait(false);
        }

        long? seed = faults.Length == 0 ? null : parsed.GetValue(FaultSeed) ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        emulator.AddFaults(faults, seed);
        Report(parsed, emulator, deployment, seed);
        foreach (var problem in await EmulatorApi.Problems(emulator.Session, cancellation).ConfigureAwait(false))
        {
            Terminal.Remark($"[red]warning[/]: {problem}");
        }

        if (Detached.IsThis)
        {
            await Detached.Tell(emulator.Endpoint.ToString(), cancellation).ConfigureAwait(false);
        }

        // What deploying needed is given back to the machine: from here on much less is in use at a time.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        if (watch is not null)
        {
            await Redeploy(watch, artefacts, Deploy, cancellation).ConfigureAwait(false);
        }

        var stopped = new TaskCompletionSource();
        await using (cancellation.Register(stopped.SetResult).ConfigureAwait(false))
        {
            await stopped.Task.ConfigureAwait(false);
        }

        Terminal.Remark($"Stopped.");
        return DisaCommand.Done;
    }

    /// <summary>Deploys what changes in the clone, until the command is stopped; what cannot be deployed is said, and the last deployment stays.</summary>
    private static async Task Redeploy(
        SourceWatch watch,
        Artefacts deployed,
        Func<Action<string>, Artefacts, Task<Deployment>> deploy,
        CancellationToken cancellation
    )
    {
        Terminal.Remark($"Watching {watch.Root} for changes.");
        await foreach (var changed in watch.Changes(cancellation).ConfigureAwait(false))
        {
            Terminal.Remark(
                $"Changed: {string.Join(", ", changed.Take(MostNamed))}{(changed.Count > MostNamed ? $" and {changed.Count - MostNamed} more" : "")}"
            );
            try
            {
                if (changed.Any(SourceWatch.IsOfFunctions))
                {
                    await Terminal
                        .Progress("Building", say => PackageCommand.Build(watch.Root, null, say, cancellation))
                        .ConfigureAwait(false);
                }

                var now = Artefacts.InClone(watch.Root);
                var different = now.DifferentFrom(deployed);
                if (different.Count > 0)
                {
                    await Terminal.Progress("Deploying", say => deploy(say, now)).ConfigureAwait(false);
                    deployed = now;
                }

                Terminal.Remark(different.Count == 0 ? (Styled)$"Nothing to deploy." : (Styled)$"Deployed: {string.Join(", ", different)}");
            }
            catch (Exception failure) when (failure is FailureException or IOException or Amazon.Runtime.AmazonServiceException)
            {
                Terminal.Remark($"[red]Not deployed[/]: {failure.Message}");
            }
        }
    }

    private static async Task<int> InBackground(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(InMemory))
        {
            throw new UsageException("--detach writes its log into the data directory, and --in-memory has none.");
        }

        var directory = Named.Data(parsed);
        if (Disa.Emulator.Store.DataFolder.OwnerOf(directory) is { } owner)
        {
            throw new UsageException($"{directory} is in use by process {owner.Pid}; choose another directory with --data.");
        }

        var (endpoint, pid) = await Terminal.Progress("Starting", _ => Detached.Start(directory, cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(new DetachedReport(new Uri(endpoint), pid, Detached.LogIn(directory)), CliJson.Readable.DetachedReport);
        }
        else
        {
            Terminal.Out.Line(
                $"It is up at [bold]{endpoint}[/] as process {pid}; `{Terminal.Command} logs` shows its log, `{Terminal.Command} down` stops it."
            );
        }

        return DisaCommand.Done;
    }

    private static async Task<int> Check(string directory)
    {
        try
        {
            var wrong = await LocalCloud.CheckData(directory).ConfigureAwait(false);
            foreach (var line in wrong)
            {
                Terminal.Remark($"{line}");
            }

            Terminal.Remark(
                $"{directory}: {(wrong.Count == 0 ? "no" : wrong.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))} problems."
            );
            return wrong.Count == 0 ? DisaCommand.Done : DisaCommand.DidNotHappen;
        }
        catch (IOException unusable)
        {
            throw new UsageException(unusable.Message);
        }
    }

    private static void Report(ParseResult parsed, RunningEmulator emulator, Deployment? deployment, long? faultSeed)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(
                new UpReport(
                    emulator.Endpoint,
                    deployment?.StackName,
                    emulator.SecondsToReady,
                    deployment?.Outputs ?? new Dictionary<string, string>(),
                    faultSeed
                ),
                CliJson.Readable.UpReport
            );
            return;
        }

        var url = emulator.Endpoint.GetLeftPart(UriPartial.Authority);
        var flags =
            parsed.GetValue(Named.Name) is { } name ? $" --name {name}"
            : emulator.Endpoint.Port == Target.DefaultPort ? ""
            : $" --endpoint-url {url}";
        var fields = new Fields();
        Add("endpoint", $"[bold]{url}[/]");
        if (deployment is not null)
        {
            Add("console", $"[bold]{url}{EmulatorConsole.Path}[/] in a browser");
            Add("table", Styled.Of(deployment.TableName));
            Add("topic", Styled.Of(deployment.TopicArn));
            Add("workflow", Styled.Of(deployment.StateMachineArn));
            Add("alarm", Styled.Of(deployment.AlarmName));
        }

        if (parsed.GetValue(Keys) == "issued")
        {
            Add("key", $"AWS_SHARED_CREDENTIALS_FILE={KeyFile.In(Named.Data(parsed))} AWS_PROFILE=default AWS_ENDPOINT_URL={url}");
        }

        if (faultSeed is { } seed)
        {
            Add("faults", $"[yellow]drawn from seed {seed}[/] (--fault-seed {seed} draws the same again)");
        }

        var what = deployment is null ? "The emulator" : "Disa";
        Terminal.Out.Write(fields, title: $"{what} is up, {emulator.SecondsToReady:0.0} s after the start");
        Terminal.Out.Line($"Try, in another terminal:");
        foreach (
            var (command, does) in deployment is null
                ? ((string, string)[])[("deploy --yes", "deploy Disa to it")]
                :
                [
                    ("send \"Hello\" --wait", "put an item; its message is sent"),
                    ("inbox", "the mail that arrived"),
                    ("break", "make sending fail; `mend` makes it work again"),
                    ("time +1h", "move the clock: schedules, alarm and retries happen at once"),
                ]
        )
        {
            Terminal.Out.Line($"  [bold]{Terminal.Command} {command}{flags}[/]  [grey]{does}[/]");
        }

        Terminal.Out.Line($"Ctrl-C stops.");

        void Add(string name, Styled value) => fields.Add(Styled.Of(name), value);
    }

    internal static ILoggerFactory Loggers(bool verbose) =>
        LoggerFactory.Create(logging =>
            logging
                .SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning)
                .AddConsole(console => console.FormatterName = LogLines.FormatterName)
                .Services.AddSingleton<ConsoleFormatter, LogLines>() // it has no options that would be bound to a configuration, by reflection
                .Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
        );
}
