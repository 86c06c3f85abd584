namespace Disa.Emulator.Events;

/// <summary>A rule with its targets, as it is stored.</summary>
internal sealed record Rule
{
    public const string Enabled = "ENABLED";

    public required string Name { get; init; }

    public required string Bus { get; init; }

    public required string Arn { get; init; }

    public string? EventPattern { get; init; }

    public string? ScheduleExpression { get; init; }

    public string State { get; init; } = Enabled;

    public string? Description { get; init; }

    public string? RoleArn { get; init; }

    public IReadOnlyList<Target> Targets { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>A rate counts from here.</summary>
    public DateTimeOffset Scheduled { get; init; }

    /// <summary>When a scheduled rule fires next.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The shelf's name: neither part may have a bar.</summary>
    public static string Key(string bus, string name) => $"{bus}|{name}";
}

public sealed record Target
{
    public string? Id { get; init; }

    public string? Arn { get; init; }

    public string? RoleArn { get; init; }

    public string? Input { get; init; }

    public string? InputPath { get; init; }

    public InputTransformer? InputTransformer { get; init; }

    public SqsParameters? SqsParameters { get; init; }

    public DeadLetterConfig? DeadLetterConfig { get; init; }

    public RetryPolicy? RetryPolicy { get; init; }
}

public sealed record InputTransformer(Dictionary<string, string>? InputPathsMap, string? InputTemplate);

public sealed record SqsParameters(string? MessageGroupId);

public sealed record DeadLetterConfig(string? Arn);

public sealed record RetryPolicy(int? MaximumRetryAttempts, int? MaximumEventAgeInSeconds);

internal sealed record Bus(string Name, string? Description, DateTimeOffset Created, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Who else may put events on it.</summary>
    public string? Policy { get; init; }
}
