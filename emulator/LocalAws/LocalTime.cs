namespace Disa.Emulator;

/// <summary>The clock of a <see cref="LocalAws"/>: it runs as real time does, and can be moved forward.</summary>
public sealed class LocalTime
{
    private readonly Session session;

    internal LocalTime(Session session) => this.session = session;

    /// <summary>What it shows, in UTC.</summary>
    public DateTimeOffset Now => session.Cloud.Clock.GetUtcNow();

    /// <summary>The clock itself, for code under test that takes a <see cref="System.TimeProvider"/>. Its timers are single-shot.</summary>
    public TimeProvider Provider => session.Cloud.Clock;

    /// <summary>Moves the clock forward through everything that falls due on the way: schedules, retries, waits, delays, alarms, time to live.</summary>
    /// <param name="span">How far; not negative.</param>
    /// <param name="cancellationToken">Stops at the due time that is reached.</param>
    /// <returns>
    /// Completes when it is there and what fell due is done. What takes longer than <see cref="LocalAwsOptions.Patience"/> of real time is left to
    /// itself, and the clock moves on.
    /// </returns>
    /// <exception cref="InvalidOperationException">It is being moved already.</exception>
    public Task AdvanceAsync(TimeSpan span, CancellationToken cancellationToken = default) =>
        session.Cloud.Advance(span, session.Options.Patience, cancellationToken);
}
