namespace Disa.Emulator.CloudWatch;

/// <summary>How an alarm treats periods without a value.</summary>
internal enum MissingData
{
    Missing,
    Ignore,
    Breaching,
    NotBreaching,
}

/// <summary>What an evaluation came to.</summary>
/// <param name="State">OK, ALARM or INSUFFICIENT_DATA; null keeps the state.</param>
/// <param name="Evaluated">Positions (from the oldest, in what was given) of the points that counted, oldest first; with Filled, as many as EvaluationPeriods.</param>
/// <param name="Filled">How many missing ones counted as the setting says.</param>
internal sealed record AlarmVerdict(string? State, IReadOnlyList<int> Evaluated, int Filled);

/// <summary>
/// Decides an alarm's state from its periods, as
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html describes it. Pure.
/// </summary>
internal static class AlarmEvaluation
{
    /// <summary>
    /// How many periods are fetched: more than are evaluated, so that late and sparse values count. AWS documents 3 -> 5 and no rule;
    /// an alarm of one 900 s period was seen to reach back over three of them, one of 60 s over about five.
    /// </summary>
    public static int Range(int evaluationPeriods, int period) => Math.Max(evaluationPeriods + 2, period <= 60 ? 5 : 0);

    /// <param name="points">The fetched periods, oldest first: true breaching, false not, null without a value.</param>
    /// <param name="periods">EvaluationPeriods, N.</param>
    /// <param name="toAlarm">DatapointsToAlarm, M.</param>
    /// <param name="missing">What a period without a value counts as, where too few have one.</param>
    public static AlarmVerdict Evaluate(IReadOnlyList<bool?> points, int periods, int toAlarm, MissingData missing)
    {
        var real = Enumerable.Range(0, points.Count).Where(i => points[i] is not null).TakeLast(periods).ToList();
        var breaching = real.Count(i => points[i] == true);
        if (real.Count == periods)
        {
            return new(breaching >= toAlarm ? AlarmState.Alarm : AlarmState.Ok, real, 0);
        }

        var filled = periods - real.Count;
        return missing switch
        {
            MissingData.Breaching => new(breaching + filled >= toAlarm ? AlarmState.Alarm : AlarmState.Ok, real, filled),
            MissingData.NotBreaching => new(breaching >= toAlarm ? AlarmState.Alarm : AlarmState.Ok, real, filled),
            _ => new(OfFew(points, real, breaching, toAlarm, missing), real, filled),
        };
    }

    private static string? OfFew(IReadOnlyList<bool?> points, List<int> real, int breaching, int toAlarm, MissingData missing)
    {
        if (real.Count == 0)
        {
            return missing == MissingData.Ignore ? null : AlarmState.InsufficientData;
        }

        if (breaching >= toAlarm)
        {
            return AlarmState.Alarm;
        }

        if (breaching < real.Count)
        {
            return AlarmState.Ok;
        }

        // All that is there is breaching, and it is too little. It makes an alarm once it is as old as M periods, so that one
        // value just in does not; before that AWS documents nothing, and the state is kept.
        return missing == MissingData.Missing && points.Count - real[0] >= toAlarm ? AlarmState.Alarm : null;
    }
}

/// <summary>The three states, as they are on the wire.</summary>
internal static class AlarmState
{
    public const string Ok = "OK";
    public const string Alarm = "ALARM";
    public const string InsufficientData = "INSUFFICIENT_DATA";
}
