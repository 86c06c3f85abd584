using Amazon.DynamoDBv2;
using Amazon.Lambda;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;

namespace Disa.Functions.Process;

/// <summary>Puts the function together, from its environment variables.</summary>
internal static class Composition
{
    /// <summary>The function as it works.</summary>
    /// <exception cref="InvalidOperationException">A variable is missing, or is not what it has to be.</exception>
    internal static ProcessFunction Function(HttpClientFactory connections, Log log)
    {
        var dynamoDb = DynamoDb(connections);
        var topicArn = Settings.Text("SNS_TOPIC_ARN");
        return Function(
            dynamoDb,
            new Publisher(Sns(connections), topicArn, TimeProvider.System),
            log,
            new Pace(dynamoDb, Settings.Text("CONTROL_TABLE_NAME", ""), Settings.Number("MAX_SENDS_PER_SECOND", 0)),
            Spans.Exported,
            new OwnFunction(
                () =>
                    new AmazonLambdaClient(
                        new AmazonLambdaConfig
                        {
                            MaxErrorRetry = 0,
                            Timeout = OwnFunction.Timeout,
                            HttpClientFactory = connections,
                        }
                    ),
                Settings.Text("AWS_LAMBDA_FUNCTION_NAME"),
                Settings.Text("AWS_LAMBDA_FUNCTION_VERSION"),
                topicArn,
                log
            )
        );
    }

    /// <summary>The function with a standard topic and without a pace, which decide by themselves what they call.</summary>
    internal static ProcessFunction Rehearsed(HttpClientFactory connections, Log log) =>
        Function(
            DynamoDb(connections),
            new Publisher(Sns(connections), "arn:aws:sns:us-east-1:000000000000:rehearsal", TimeProvider.System),
            log
        );

    private static ProcessFunction Function(
        AmazonDynamoDBClient dynamoDb,
        Publisher publisher,
        Log log,
        Pace? pace = null,
        Spans? spans = null,
        OwnFunction? self = null
    )
    {
        var shape = TableSettings.Shape();
        var table = new MessageTable(dynamoDb, Settings.Text("TABLE_NAME"), shape);
        var limits = new SendLimits(
            Settings.Number("MAX_MESSAGE_BYTES", MessageLimits.DefaultBytes),
            TimeSpan.FromDays(Settings.Number("RETENTION_DAYS", 0)),
            Settings.Text("PARKED_GROUP_HEAD", "BLOCK") == "BLOCK"
        );
        var backoff = new Backoff(
            TimeSpan.FromSeconds(Settings.Number("RETRY_FIRST_DELAY_SECONDS", 30)),
            TimeSpan.FromSeconds(Settings.Number("RETRY_MAX_DELAY_SECONDS", 3600)),
            Settings.Number("RETRY_MAX_ATTEMPTS", 24)
        );
        return new(
            table,
            new Sender(table, shape, backoff, Random.Shared.NextDouble, log, limits),
            publisher,
            Settings.Text("DISA_STACK", "disa"),
            log,
            TimeProvider.System,
            pace,
            spans,
            self
        );
    }

    private static AmazonDynamoDBClient DynamoDb(HttpClientFactory connections) =>
        new(new AmazonDynamoDBConfig { Timeout = Timeouts.TableRequest, HttpClientFactory = connections });

    /// <remarks>
    /// The publisher retries by itself what was certainly not sent: the SDK would also repeat what may have been, and what a
    /// connection that ended left without an answer up to ten times, whatever MaxErrorRetry is.
    /// </remarks>
    private static AmazonSimpleNotificationServiceClient Sns(HttpClientFactory connections) =>
        new(
            new AmazonSimpleNotificationServiceConfig
            {
                MaxErrorRetry = 0,
                MaxStaleConnectionRetries = 0,
                Timeout = Timeouts.Publish,
                HttpClientFactory = connections,
            }
        );
}
