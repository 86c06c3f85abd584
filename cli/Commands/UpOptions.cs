using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary>The options of <c>disa up</c>.</summary>
internal static class UpOptions
{
    public static readonly Option<int> Port = new("--port")
    {
        Description = "The port to listen on; 0 selects a free one",
        DefaultValueFactory = _ => Target.DefaultPort,
    };
    public static readonly Option<string> Address = new("--address")
    {
        Description = "The address to listen on; anyone who can reach it has full access",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    public static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The data directory; a later `up` continues with its data",
        DefaultValueFactory = _ => new DirectoryInfo(".disa"),
    };
    public static readonly Option<bool> Bare = new("--bare") { Description = "Start only the emulator: nothing is deployed to it" };
    public static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Redeploy a template, the workflow or a function when its source in the clone changes",
    };

    public static readonly Option<bool> InMemory = new("--in-memory") { Description = "Keep data in memory only, for tests" };
    public static readonly Option<bool> Instant = new("--instant")
    {
        Description = "Tables and functions are ACTIVE when the call that creates or updates them returns; on AWS, this takes time",
    };
    public static readonly Option<string> Email = new("--email")
    {
        Description = "The e-mail address to subscribe; empty for none",
        DefaultValueFactory = _ => "disa@example.com",
    };
    public static readonly Option<string?> Smtp = new("--smtp") { Description = "Also send mail to this SMTP server: host:port" };
    public static readonly Option<string[]> DeliverTo = new("--deliver-to")
    {
        Description =
            "A host that SNS may post to (subscriptions by http and https), besides this machine's loopback addresses; may be given several times; .NAME allows all names below NAME",
        DefaultValueFactory = _ => [],
    };
    public static readonly Option<string[]> Fault = new("--fault")
    {
        Description =
            "Inject faults after deployment; may be given several times: SERVICE:Operation=ErrorCode@RATE (sns:Publish=Throttled@0.2; dynamodb:*=…), "
            + "=ErrorCode:after@RATE (takes effect, then returns the error), =latency:500ms@RATE, =timeout@RATE (takes effect, never responds), =drop@RATE, stream:duplicate@RATE, stream:reorder@RATE, "
            + "lambda:kill[:FUNCTIONSUFFIX]@RATE, lambda:freeze=SPAN@RATE, metrics:lost@RATE, index:lag=SPAN@RATE; see docs/faults.md",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<long?> FaultSeed = new("--fault-seed")
    {
        Description = "The seed for drawing faults: the same seed and the same calls give the same faults",
    };
    public static readonly Option<string> Iam = new("--iam")
    {
        Description = "enforce: IAM decides on every request, as on AWS; off: every request is allowed",
        DefaultValueFactory = _ => "enforce",
    };
    public static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return when the emulator is up, and leave it running: `disa down` stops it, `disa logs` shows its log",
    };
    public static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description =
            "A further host name of the emulator, besides localhost and this machine's addresses; may be given several times; .NAME allows all names below NAME",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string> Keys = new("--keys")
    {
        Description =
            "any: an access key that the emulator did not issue belongs to its account's root user; issued: such keys are refused, and a first key is written to the data directory",
        DefaultValueFactory = _ => "any",
    };

    public static readonly Option<string[]> FunctionFolder = new("--function-folder")
    {
        Description =
            "Run a function from a directory instead of its package: NAME=DIRECTORY; may be given several times; the next invocation uses what has changed there",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string[]> DebugFunction = new("--debug-function")
    {
        Description =
            "The name of a function (.NET, Node.js) whose processes wait for a debugger; may be given several times: one invocation at a time, no timeout; "
            + "how to attach is printed when it is invoked",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> CheckData = new("--check-data") { Description = "Only check the data directory" };
    public static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Log every request and transition to standard error",
    };

    /// <summary>The directories of <c>--function-folder</c>, by the function's name.</summary>
    /// <exception cref="UsageException">A pair has not that form, names a directory that is not there, or a function twice.</exception>
    public static Dictionary<string, string> Folders(ParseResult parsed)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(FunctionFolder)!)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } folder])
            {
                throw new UsageException($"--function-folder {pair}: expected NAME=DIRECTORY.");
            }

            if (!Directory.Exists(folder))
            {
                throw new UsageException($"--function-folder {pair}: the directory {folder} does not exist.");
            }

            if (!folders.TryAdd(name, folder))
            {
                throw new UsageException($"--function-folder names {name} twice.");
            }
        }

        return folders;
    }
}
