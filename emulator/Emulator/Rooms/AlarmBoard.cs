namespace Disa.Emulator.Rooms;

/// <summary>How an alarm stands.</summary>
/// <param name="State">OK, ALARM or INSUFFICIENT_DATA.</param>
/// <param name="Since">When it went into that state.</param>
/// <param name="IsComposite">Whether it is an alarm on other alarms.</param>
public readonly record struct AlarmStanding(string State, DateTimeOffset Since, bool IsComposite);

/// <summary>How alarms stand, for rooms that watch some: CloudWatch keeps it.</summary>
/// <param name="find">An alarm by its ARN; null where there is none.</param>
public sealed class AlarmBoard(Func<string, AlarmStanding?> find)
{
    /// <summary>Raised with an alarm's ARN once another state of it is on disk.</summary>
    public event Action<string>? Changed;

    public AlarmStanding? Find(string arn) => find(arn);

    public void Tell(string arn) => Changed?.Invoke(arn);
}
