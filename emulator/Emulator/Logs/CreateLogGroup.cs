using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record CreateLogGroupRequest
{
    public string? LogGroupName { get; init; }

    public string? LogGroupClass { get; init; }

    public string? KmsKeyId { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}

/// <summary>Makes a group; its natural key is the name.</summary>
internal static class CreateLogGroup
{
    public static async Task Run(LogStore logs, LogMessages messages, CreateLogGroupRequest request, Caller caller)
    {
        var name = LogsLimits.GroupName(request.LogGroupName);
        var kind = request.LogGroupClass ?? "STANDARD";
        if (kind is not ("STANDARD" or "INFREQUENT_ACCESS"))
        {
            throw kind == "DELIVERY"
                ? AwsException.NotImplemented("log groups of class DELIVERY")
                : LogsErrors.Constraint(
                    kind,
                    "logGroupClass",
                    "Member must satisfy enum value set: [INFREQUENT_ACCESS, DELIVERY, STANDARD]"
                );
        }

        var made = logs.NewGroup(name) with { Class = kind, Tags = request.Tags ?? [] };
        if (request.KmsKeyId is { } key)
        {
            made = await messages.WithKey(made, key, caller).ConfigureAwait(false);
        }

        await logs
            .Database.Write(transaction =>
            {
                if (logs.Groups.Get(transaction, caller.Scope, name) is not null)
                {
                    throw LogsErrors.GroupExists();
                }

                logs.Groups.Put(transaction, caller.Scope, name, made);
            })
            .ConfigureAwait(false);
    }
}
