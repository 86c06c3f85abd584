using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>
/// Hands out the moments at which messages may be published, to all functions together: one number in the control table, the next free
/// moment, which each reservation moves on.
/// </summary>
/// <remarks>
/// SNS attempts at most ten e-mails a second for a subscription; above that it disables the subscription
/// (https://docs.aws.amazon.com/general/latest/gr/sns.html, "Email delivery rate"). A reservation whose answer is lost is made twice: that
/// costs time, never a message.
/// </remarks>
public sealed class Pace(AmazonDynamoDBClient client, string controlTable, int perSecond)
{
    /// <summary>No further ahead than an execution can wait.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(200);

    private const string RecordId = "pace";
    private const int Tries = 5;

    /// <summary>Whether there is a pace to keep.</summary>
    public bool IsKept => perSecond > 0;

    /// <summary>Messages that may go at one moment; the next moment is as much later as they need.</summary>
    public int AtOnce => Math.Clamp(perSecond, 1, Publisher.MaxEntries);

    /// <summary>What a number of messages needs.</summary>
    public TimeSpan For(int messages) => TimeSpan.FromMilliseconds(Math.Ceiling(1000.0 * messages / perSecond));

    /// <summary>Reserves moments for messages, one after the other.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>The first moment, now at the earliest; null where it would be beyond the <see cref="Horizon"/>.</returns>
    public async Task<DateTimeOffset?> ReserveAsync(int messages, DateTimeOffset now, CancellationToken cancellation)
    {
        var (from, cost, until) = (
            now.ToUnixTimeMilliseconds(),
            (long)For(messages).TotalMilliseconds,
            (now + Horizon).ToUnixTimeMilliseconds()
        );
        for (var tried = 0; tried < Tries; tried++)
        {
            try
            {
                var old = await WriteAsync(
                        "SET #next = #next + :cost",
                        "#next BETWEEN :from AND :until",
                        new()
                        {
                            [":cost"] = Number(cost),
                            [":from"] = Number(from),
                            [":until"] = Number(until),
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
                return Time(old["next"]);
            }
            catch (ConditionalCheckFailedException failed) when (failed.Item?.GetValueOrDefault("next") is { } next && Time(next) > now)
            {
                return null;
            }
            catch (ConditionalCheckFailedException)
            {
                // Nobody has sent for a while, or ever: the next free moment is now.
            }

            try
            {
                await WriteAsync(
                        "SET #next = :after",
                        "attribute_not_exists(#next) OR #next < :from",
                        new() { [":after"] = Number(from + cost), [":from"] = Number(from) },
                        cancellation
                    )
                    .ConfigureAwait(false);
                return now;
            }
            catch (ConditionalCheckFailedException)
            {
                // Someone else was first.
            }
        }

        return null;
    }

    private async Task<Dictionary<string, AttributeValue>> WriteAsync(
        string update,
        string condition,
        Dictionary<string, AttributeValue> values,
        CancellationToken cancellation
    )
    {
        var response = await client
            .UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = controlTable,
                    Key = new() { ["id"] = new() { S = RecordId } },
                    UpdateExpression = update,
                    ConditionExpression = condition,
                    ExpressionAttributeNames = new() { ["#next"] = "next" },
                    ExpressionAttributeValues = values,
                    ReturnValues = ReturnValue.UPDATED_OLD,
                    ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                },
                cancellation
            )
            .ConfigureAwait(false);
        return response.Attributes ?? [];
    }

    private static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private static DateTimeOffset Time(AttributeValue value) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(value.N, CultureInfo.InvariantCulture));
}
