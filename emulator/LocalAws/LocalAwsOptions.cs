using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator;

/// <summary>How a <see cref="LocalAws"/> starts.</summary>
public sealed record LocalAwsOptions
{
    /// <summary>The account that <see cref="AwsAccount.Credentials"/> belong to: twelve digits.</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>The Region that clients are configured for.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether requests are checked against IAM policies, as on AWS. The account's own credentials may do everything in it.</summary>
    public bool EnforceIam { get; init; } = true;

    /// <summary>
    /// Whether tables and functions are ACTIVE when the call that makes or changes them returns. On AWS they take their time, and so they do
    /// here unless this is set.
    /// </summary>
    public bool Instant { get; init; }

    /// <summary>
    /// Where everything is kept, as <c>disa up --data</c> keeps it: the next start goes on from there. Null keeps all in memory. Two emulators
    /// cannot use one folder at a time, and it says nothing to <see cref="LocalAws.RestoreAsync"/>, whose copies are in memory.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>The port that <see cref="LocalAws.ListenAsync"/> opens; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What the emulator's clock runs by; <see cref="LocalTime.AdvanceAsync"/> moves it further.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a wait may take, in real time, before it fails and says what it waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the emulator's own log goes: each request, and what it cannot do.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Answers requests of people on the same port; null for all others.</summary>
    internal Func<HttpContext, Task?> Pages { get; init; } = _ => null;
}
