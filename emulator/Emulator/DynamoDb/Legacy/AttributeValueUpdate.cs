using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.Legacy;

/// <summary>What an update does to an attribute: PUT (the default), ADD or DELETE.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValueUpdate.html</remarks>
internal sealed record AttributeValueUpdate(AttributeValue? Value, string? Action);

/// <summary>Turns AttributeUpdates into the actions of an update expression.</summary>
internal static class AttributeUpdates
{
    private const string Mismatch = "Type mismatch for attribute to update";

    public static Checks Updates(this Checks checks, Dictionary<string, AttributeValueUpdate>? updates)
    {
        foreach (var (name, update) in updates ?? [])
        {
            checks.OneOf($"attributeUpdates.{name}.member.action", update.Action, "ADD", "PUT", "DELETE");
        }

        return checks;
    }

    /// <summary>The update; null where there is nothing to do.</summary>
    public static Update? ToUpdate(Dictionary<string, AttributeValueUpdate>? updates)
    {
        if (updates is null or { Count: 0 })
        {
            return null;
        }

        foreach (var (_, update) in updates)
        {
            Check(update);
        }

        return new Update([.. updates.Select(entry => ToAction(DocumentPath.Of(entry.Key), entry.Value))]);
    }

    private static UpdateAction ToAction(DocumentPath path, AttributeValueUpdate update) =>
        update switch
        {
            { Action: "DELETE", Value: null } => new RemoveAction(path),
            { Action: "DELETE", Value: { } value } => new DeleteAction(path, value) { Mismatch = Mismatch },
            { Action: "ADD", Value: { } value } => new AddAction(path, value) { Mismatch = Mismatch },
            _ => new SetAction(path, new GivenValue(update.Value!)),
        };

    private static void Check(AttributeValueUpdate update)
    {
        if (update.Value is not { } value)
        {
            if (update.Action != "DELETE")
            {
                throw Errors.Invalid("Only DELETE action is allowed when no attribute value is specified");
            }

            return;
        }

        if (value.FindProblem() is { } problem)
        {
            throw Errors.Validation(problem);
        }

        if (update.Action == "DELETE" && !value.IsSet)
        {
            throw Errors.Invalid($"DELETE action with value is not supported for the type {value.Type}");
        }

        if (update.Action == "ADD" && !value.IsSet && value.Type is not (AttributeType.N or AttributeType.L))
        {
            throw Errors.Invalid($"ADD action is not supported for the type {value.Type}");
        }
    }
}
