using System.Net;
using System.Security.Cryptography.X509Certificates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator;

/// <summary>How a local cloud is run.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>Where <c>disa.db</c> and the root key lie; null keeps all in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>In memory: a directory, as <see cref="LocalCloud.Save"/> leaves it, to begin with a copy of; it stays as it is.</summary>
    public string? From { get; init; }

    /// <summary>Whether a port is opened at the start; otherwise when <see cref="LocalCloud.Listen"/> is called or a function's process needs it.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>The address to listen on; loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Names under which the emulator answers, beyond <c>localhost</c>, loopback addresses, the address that it listens on and AWS's own
    /// names; <c>.aws.test</c> stands for all names that end so. A request for any other host is refused.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Whether access keys that the emulator did not issue are refused; otherwise each is the root user of an account. The first key is
    /// <see cref="LocalCloud.RootCredentials"/>.
    /// </summary>
    public bool OnlyIssuedKeys { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>The account of callers whose access key is not twelve digits.</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>Where mail goes besides the mailbox: <c>host:port</c> of an SMTP server.</summary>
    public string? Smtp { get; init; }

    /// <summary>
    /// Hosts that SNS may post messages to, beyond this machine's loopback addresses; <c>.example.test</c> stands for all names that end so.
    /// A subscription of any other is refused.
    /// </summary>
    public IReadOnlyList<string> DeliverTo { get; init; } = [];

    /// <summary>Whether requests are checked against IAM; callers that are their account itself may do everything in it all the same.</summary>
    public bool EnforceIam { get; init; } = true;

    /// <summary>Whether tables and functions are ACTIVE when the call that makes or changes them returns; on AWS that takes its time.</summary>
    public bool Instant { get; init; }

    /// <summary>Functions, by name, that run from a directory instead of their package; a change in it is in the next invocation.</summary>
    public IReadOnlyDictionary<string, string> FunctionFolders { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Functions, by name, whose processes (.NET, Node.js) wait for a debugger: one invocation at a time, and without a limit of time. How to
    /// attach is logged as a warning.
    /// </summary>
    public IReadOnlyCollection<string> DebuggedFunctions { get; init; } = [];

    /// <summary>Answers requests that are for people and not for AWS, on the same port; null for all others. It must cost nothing to ask.</summary>
    public Func<HttpContext, Task?> Pages { get; init; } = _ => null;

    /// <summary>Real time.</summary>
    public TimeProvider Wall { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>For tests: resource types beyond those of the rooms.</summary>
    internal IReadOnlyList<IResource> FurtherResources { get; init; } = [];

    /// <summary>For tests: where templates come from instead of S3.</summary>
    internal ReadObject? ReadTemplate { get; init; }

    /// <summary>For tests: an authority that HTTPS subscribers may have their certificate from, beside those of the system.</summary>
    internal X509Certificate2? TrustedAuthority { get; init; }

    /// <summary>For crash tests: see <see cref="DatabaseOptions.BeforeWrite"/>.</summary>
    public Action<long>? BeforeWrite { get; init; }
}
