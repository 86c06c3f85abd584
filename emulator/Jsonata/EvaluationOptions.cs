namespace Disa.Jsonata;

/// <summary>What an evaluation may use, and how much of it.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The language as its reference has it.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>
    /// The language as Step Functions has it. Depth and bytes are where AWS was seen to draw the line: the 101st level, the 873,783rd
    /// member of a range. AWS's limit of time is a number of steps here, so that the same expression always ends the same way.
    /// </summary>
    public static EvaluationOptions StepFunctions { get; } =
        new()
        {
            MaxSteps = 10_000_000,
            MaxDepth = 100,
            MaxValueBytes = 873_782 * 8,
            HasStepFunctions = true,
        };

    /// <summary>Evaluated nodes, and members that are made or looked at.</summary>
    public long MaxSteps { get; init; } = 100_000_000;

    /// <summary>Nodes inside one another that are evaluated at a time.</summary>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>Levels of a value that is read, compared or written.</summary>
    public int MaxNesting { get; init; } = 500;

    /// <summary>Of one text or array: a byte a character, eight a member.</summary>
    public long MaxValueBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Whether <c>$eval</c> is there.</summary>
    public bool AllowsEval { get; init; }

    /// <summary>
    /// Whether the functions that AWS adds are there, and numbers are written as it writes them: whole ones without a fraction,
    /// those beyond 64 bits with an exponent, and infinite ones as texts.
    /// </summary>
    public bool HasStepFunctions { get; init; }
}
