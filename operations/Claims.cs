using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Tells whether a message is being sent. An expired claim was left by a sender that died, and does not count.</summary>
internal static class Claims
{
    /// <summary>The condition that the item is not being sent: <c>#until</c> is <c>until</c>, <c>:now</c> the time as an instant.</summary>
    public const string IsNotClaimed = "(attribute_not_exists(sendClaim) OR sendClaim.#until <= :now)";

    /// <exception cref="FailureException">The message is being sent.</exception>
    public static void RefuseClaimed(string id, Dictionary<string, AttributeValue> item, string now)
    {
        if (
            item.GetValueOrDefault(SendAttributes.Claim)?.M?.GetValueOrDefault("until")?.S is { } until
            && string.CompareOrdinal(until, now) > 0
        )
        {
            throw new FailureException(
                $"{id} is being sent right now; try again when its claim has ended (`{CommandName.Current} explain {id}`)."
            );
        }
    }
}
