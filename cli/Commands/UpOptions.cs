using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary>The options of <c>disa up</c>.</summary>
internal static class UpOptions
{
    public static readonly Option<int> Port = new("--port")
    {
        Description = "The port to listen on; 0 takes a free one",
        DefaultValueFactory = _ => Target.DefaultPort,
    };
    public static readonly Option<string> Address = new("--address")
    {
        Description = "The address to listen on; anyone who reaches it can do everything",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    public static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Where everything is kept; a second `up` goes on from there",
        DefaultValueFactory = _ => new DirectoryInfo(".disa"),
    };
    public static readonly Option<bool> Bare = new("--bare") { Description = "Start the emulator alone: nothing is deployed to it" };
    public static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Deploy a template, the workflow or a function again when its source in the clone changes",
    };

    public static readonly Option<bool> InMemory = new("--in-memory") { Description = "Keep nothing: for tests" };
    public static readonly Option<bool> Instant = new("--instant")
    {
        Description = "Tables and functions are ACTIVE when the call that makes or changes them returns; on AWS that takes its time",
    };
    public static readonly Option<string> Email = new("--email")
    {
        Description = "The subscriber's address; empty for none",
        DefaultValueFactory = _ => "disa@example.com",
    };
    public static readonly Option<string?> Smtp = new("--smtp") { Description = "Send mail to this SMTP server too: host:port" };
    public static readonly Option<string[]> Fault = new("--fault")
    {
        Description =
            "Inject faults after deployment; may be given several times: SERVICE:Operation=ErrorCode@RATE (sns:Publish=Throttled@0.2; dynamodb:*=…), "
            + "=ErrorCode:after@RATE (the effect happens, then the error), =latency:500ms@RATE, =timeout@RATE (the effect happens, the answer never comes), =drop@RATE, stream:duplicate@RATE, stream:reorder@RATE, "
            + "lambda:kill[:FUNCTIONSUFFIX]@RATE, lambda:freeze=SPAN@RATE, metrics:lost@RATE, index:lag=SPAN@RATE; see docs/faults.md",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<long?> FaultSeed = new("--fault-seed")
    {
        Description = "The seed that faults are drawn from: the same seed and calls give the same faults",
    };
    public static readonly Option<string> Iam = new("--iam")
    {
        Description = "enforce: who may do what is decided by IAM, as on AWS; off: everybody may do everything",
        DefaultValueFactory = _ => "enforce",
    };
    public static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return once it is up, and leave it running: `disa down` ends it, `disa logs` shows what it writes",
    };
    public static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description =
            "A name that the emulator answers by, besides localhost and addresses of this machine, any number of times; .NAME allows all below NAME",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string> Keys = new("--keys")
    {
        Description =
            "any: an access key that the emulator did not issue is its account's root user; issued: it is refused, and a key is written to the data directory",
        DefaultValueFactory = _ => "any",
    };

    public static readonly Option<string[]> FunctionFolder = new("--function-folder")
    {
        Description =
            "Run a function from a directory instead of its package: NAME=DIRECTORY, any number of times; what changes there is in the next invocation",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string[]> DebugFunction = new("--debug-function")
    {
        Description =
            "The name of a function (.NET, Node.js) whose processes wait for a debugger, any number of times: one invocation at a time, no limit of time; "
            + "how to attach is said when it is invoked",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> CheckData = new("--check-data") { Description = "Check the data directory, and start nothing" };
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
