using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Events;

/// <summary>Finds archives and replays, and checks what their operations have in common.</summary>
internal sealed class Archives(Rules rules, Clock clock)
{
    public const int LongestName = 48;
    public const int LongestReplayName = 64;

    public Rules Rules => rules;

    public EventBus Bus => rules.Bus;

    public Database Database => rules.Database;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public Archive Find(string? name, Scope scope)
    {
        EventsErrors.Name(name, "archiveName", LongestName);
        return Bus.Archives.Get(scope, name!) ?? throw NotFound(name!);
    }

    /// <inheritdoc cref="Find(string?, Scope)"/>
    public Archive Find(Transaction transaction, string name, Scope scope) =>
        Bus.Archives.Get(transaction, scope, name) ?? throw NotFound(name);

    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public Replay FindReplay(string? name, Scope scope)
    {
        EventsErrors.Name(name, "replayName", LongestReplayName);
        return Bus.Replays.Get(scope, name!) ?? throw ReplayNotFound(name!);
    }

    public static AwsException ReplayNotFound(string name) => EventsErrors.NotFound($"Replay {name} does not exist.");

    public (long Count, long Size) Count(Archive archive) => ArchivedEvents.Count(Database, archive, Now);

    /// <summary>Of the bus that an ARN names, which is the caller's own.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException, ValidationException.</exception>
    public string BusOf(string? arn, Caller caller)
    {
        EventsErrors.Text(arn, "eventSourceArn", 1600);
        return Arn.TryParse(arn) is not { Service: "events" } parsed || parsed.After("event-bus/") is not { } name
                ? throw EventsErrors.Validation("Parameter EventSourceArn is not valid. Reason: Must contain an event bus ARN.")
            : parsed.Scope != caller.Scope ? throw EventsErrors.BusNotFound(name)
            : rules.BusName(name, caller.Scope);
    }

    public static void CheckDescription(string? description)
    {
        if (description?.Length > 512)
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{description}' at 'description' failed to satisfy constraint: Member must have length less than or equal to 512"
            );
        }
    }

    public static void Check(string? description, string? pattern, int? retentionDays, string? key)
    {
        CheckDescription(description);
        if (retentionDays < 0)
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{retentionDays}' at 'retentionDays' failed to satisfy constraint: Member must have value greater than or equal to 0"
            );
        }

        PutRule.CheckPattern(pattern);
        if (!string.IsNullOrEmpty(key))
        {
            throw AwsException.NotImplemented("the parameter KmsKeyIdentifier of an archive");
        }
    }

    /// <summary>A list is asked for by one filter at most.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static void CheckFilters(string operation, string? state, string? arn, string? prefix, params ReadOnlySpan<string> states)
    {
        if ((state is null ? 0 : 1) + (arn is null ? 0 : 1) + (prefix is null ? 0 : 1) > 1)
        {
            throw EventsErrors.Validation(
                $"At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
            );
        }

        if (state is not null && !states.Contains(state))
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{state}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", states!)}]"
            );
        }
    }

    private static AwsException NotFound(string name) => EventsErrors.NotFound($"Archive {name} does not exist.");
}
