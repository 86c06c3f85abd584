using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>What an edit of a message did.</summary>
/// <param name="Was">The message's text, or its subject, before; null where it had none, and where it was not changed.</param>
internal sealed record Edited(string Id, string? Was, string? WasSubject, bool Redriven);

/// <summary>Changes a parked message's text, subject or attributes and sends it again, on record.</summary>
internal static class Correction
{
    /// <param name="text">The new text; null leaves it.</param>
    /// <param name="subject">The new subject; empty takes it off; null leaves it.</param>
    /// <param name="attributes">The attributes to set, by name; empty takes one off.</param>
    /// <exception cref="FailureException">The message does not exist, is not parked, is being sent, or has changed.</exception>
    /// <exception cref="UsageException">The changed message could never be sent.</exception>
    public static async Task<Edited> Edit(
        AwsSession session,
        Deployment deployment,
        string id,
        string? text,
        string? subject,
        IReadOnlyDictionary<string, string> attributes,
        CancellationToken cancellation
    )
    {
        var outbox = new Outbox(session, deployment);
        var item = await outbox.Get(id, cancellation).ConfigureAwait(false) ?? throw new FailureException($"there is no message {id}.");
        var before = Message.From(item, deployment.Shape);
        if (before.State != MessageState.Parked)
        {
            throw new FailureException(
                $"{id} is {before.State}, and only a parked message can be edited; `disa cancel {id}` parks one that is not sent."
            );
        }

        var now = await EmulatorApi.Now(session, cancellation).ConfigureAwait(false);
        Claims.RefuseClaimed(id, item, Instant.Text(now));
        var key = ItemKey.Of(item, deployment.Shape.KeyNames);
        var (sets, removes) = (new List<string>(), new List<string>());
        var names = new Dictionary<string, string>
        {
            ["#needed"] = deployment.Shape.Needed(key),
            ["#status"] = SendAttributes.Status,
            ["#due"] = SendAttributes.Due,
            ["#until"] = "until",
        };
        var values = new Dictionary<string, AttributeValue>
        {
            [":failure"] = new() { S = SendAttributes.Failure },
            [":now"] = new() { S = Instant.Text(now) },
        };
        var wanted = new Dictionary<string, AttributeValue>();
        Change(SendAttributes.Message, text);
        Change(SendAttributes.Subject, subject);
        if (attributes.Count > 0)
        {
            var map = new Dictionary<string, AttributeValue>(item.GetValueOrDefault(SendAttributes.Attributes)?.M ?? []);
            foreach (var (name, value) in attributes)
            {
                if (value.Length == 0)
                {
                    map.Remove(name);
                }
                else
                {
                    map[name] = new() { S = value };
                }
            }

            names["#attributes"] = SendAttributes.Attributes;
            values[":attributes"] = new() { M = map, IsMSet = true };
            wanted[SendAttributes.Attributes] = values[":attributes"];
            sets.Add("#attributes = :attributes");
        }

        if (MessageCheck.WhyNot(Changed(), deployment, now) is { } why)
        {
            throw new UsageException($"{id} could still not be sent: {why}");
        }

        var same = Same("#message", SendAttributes.Message, "message") + Same("#reason", SendAttributes.Reason, "reason");
        try
        {
            await session
                .DynamoDb.UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = deployment.TableName,
                        Key = key.ToDictionary(),
                        UpdateExpression =
                            (sets.Count > 0 ? "SET " + string.Join(", ", sets) : "")
                            + (removes.Count > 0 ? " REMOVE " + string.Join(", ", removes) : ""),
                        ConditionExpression =
                            $"attribute_exists(#needed) AND #status = :failure AND attribute_not_exists(#due) AND {Claims.IsNotClaimed}{same}",
                        ExpressionAttributeNames = names,
                        ExpressionAttributeValues = values,
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException failed)
        {
            // Its own write, applied before, and its answer lost.
            if (!AttributeValues.Has(failed.Item, wanted))
            {
                throw new FailureException($"{id} has changed in the meantime; check it again.");
            }
        }

        await ActionRecord
            .Write(
                session,
                deployment,
                "edit",
                null,
                JsonSerializer.Serialize(
                    new Edited(id, text is null ? null : before.Text, subject is null ? null : before.Subject, false),
                    OperationsJson.Default.Edited
                ),
                cancellation
            )
            .ConfigureAwait(false);
        var redriven = await new Redrive(session, deployment).One(id, cancellation).ConfigureAwait(false);
        return new(id, text is null ? null : before.Text, subject is null ? null : before.Subject, redriven);

        // As it would have been put.
        Dictionary<string, AttributeValue> Changed()
        {
            var put = item.Where(pair =>
                    !MessageCheck.IsDisas(pair.Key) || deployment.Shape.KeyNames.Contains(pair.Key, StringComparer.Ordinal)
                )
                .ToDictionary();
            foreach (var removed in removes)
            {
                put.Remove(names[removed]);
            }

            foreach (var (attribute, value) in wanted)
            {
                put[attribute] = value;
            }

            return put;
        }

        void Change(string attribute, string? value)
        {
            if (value is null)
            {
                return;
            }

            names[$"#{attribute}"] = attribute;
            if (value.Length == 0)
            {
                removes.Add($"#{attribute}");
            }
            else
            {
                values[$":{attribute}"] = new() { S = value };
                wanted[attribute] = values[$":{attribute}"];
                sets.Add($"#{attribute} = :{attribute}");
            }
        }

        string Same(string alias, string attribute, string what)
        {
            names[alias] = attribute;
            if (item.GetValueOrDefault(attribute) is not { } value)
            {
                return $" AND attribute_not_exists({alias})";
            }

            values[$":was{what}"] = value;
            return $" AND {alias} = :was{what}";
        }
    }
}
