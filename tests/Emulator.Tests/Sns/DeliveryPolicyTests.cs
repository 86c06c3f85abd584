using System.Text.Json;

namespace Disa.Emulator.Tests.Sns;

/// <summary>How often, how fast and as what SNS posts: the delivery policies of topics and of subscriptions by HTTP.</summary>
public sealed class DeliveryPolicyTests : WithSubscribers
{
    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, "Delivery policy stages".</summary>
    [Fact]
    public async Task A_delivery_policy_of_the_subscription_goes_before_that_of_the_topic()
    {
        using var endpoint = new Subscriber();
        var topic = await Topic(
            "news",
            (
                "DeliveryPolicy",
                """{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":1},"defaultThrottlePolicy":{"maxReceivesPerSecond":7}}}"""
            )
        );
        var arn = await Confirmed(topic, endpoint);
        Assert.Equal(
            """{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":1,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":7},"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"},"guaranteed":false}""",
            Attributes(await Described(arn))["EffectiveDeliveryPolicy"]
        );

        await Set(
            arn,
            """{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":9,"numRetries":5,"numNoDelayRetries":1,"numMinDelayRetries":1,"numMaxDelayRetries":1,"backoffFunction":"linear"},"requestPolicy":{"headerContentType":"application/json"}}"""
        );
        Assert.Contains("\"throttlePolicy\":{\"maxReceivesPerSecond\":7}", Attributes(await Described(arn))["EffectiveDeliveryPolicy"]);
        for (var i = 0; i < 6; i++)
        {
            endpoint.Answers.Enqueue("500 Oops");
        }

        // At once, then at once, after 1 s, after 1 s and 9 s (backoff), after 9 s.
        await Publish(topic, "Hello");
        Assert.Equal("application/json", (await endpoint.Next()).Headers["Content-Type"]);
        await endpoint.Next();
        Assert.True(await cloud.Clock.Settle(Patience));
        foreach (var seconds in (int[])[1, 1, 9, 9])
        {
            Assert.False(endpoint.Posts.Reader.TryPeek(out _));
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(seconds));
            await endpoint.Next();
            Assert.True(await cloud.Clock.Settle(Patience));
        }

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));
        Assert.False(endpoint.Posts.Reader.TryPeek(out _));

        await SetAttribute(
            topic,
            "DeliveryPolicy",
            """{"http":{"disableSubscriptionOverrides":true,"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":0}}}"""
        );
        Assert.Contains("\"numRetries\":0,", Attributes(await Described(arn))["EffectiveDeliveryPolicy"]);
        Assert.Contains(
            "\"disableSubscriptionOverrides\":true",
            Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)))["EffectiveDeliveryPolicy"]
        );
    }

    [Fact]
    public async Task No_more_arrive_in_a_second_than_the_policy_allows()
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news");
        await Confirmed(topic, endpoint, ("DeliveryPolicy", """{"throttlePolicy":{"maxReceivesPerSecond":2}}"""));
        for (var i = 0; i < 5; i++)
        {
            await Publish(topic, $"message {i}");
        }

        Assert.InRange(endpoint.Posts.Reader.Count, 2, 4);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(5, endpoint.Posts.Reader.Count);
    }

    /// <summary>
    /// The words of the first two: https://github.com/awsdocs/amazon-sns-developer-guide/pull/5 and the tests of
    /// ballerina-platform/module-ballerinax-aws.sns; that the whole has a limit: https://github.com/awsdocs/amazon-sns-developer-guide/pull/15.
    /// </summary>
    [Theory]
    [InlineData("""{"minDelayTarget":0,"maxDelayTarget":1,"numRetries":1}""", "minDelayTarget must be greater than or equal to 1")]
    [InlineData("""{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":101}""", "numRetries must be less than or equal to 100")]
    [InlineData("""{"minDelayTarget":1,"maxDelayTarget":3601,"numRetries":1}""", "maxDelayTarget must be less than or equal to 3600")]
    [InlineData(
        """{"minDelayTarget":5,"maxDelayTarget":2,"numRetries":1}""",
        "maxDelayTarget must be greater than or equal to minDelayTarget"
    )]
    [InlineData("""{"minDelayTarget":5,"maxDelayTarget":5}""", "numRetries must be specified")]
    [InlineData(
        """{"minDelayTarget":2,"maxDelayTarget":3,"numRetries":20,"numMaxDelayRetries":7,"numMinDelayRetries":7,"numNoDelayRetries":7}""",
        "numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries"
    )]
    [InlineData(
        """{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":1,"backoffFunction":"cubic"}""",
        "backoffFunction: the value [cubic] is not a valid backoff function"
    )]
    public async Task A_retry_policy_that_AWS_does_not_take_is_refused(string policy, string words)
    {
        var topic = await Topic("news");
        await Fails(
            "InvalidParameter",
            $"Invalid parameter: DeliveryPolicy: http.defaultHealthyRetryPolicy.{words}",
            "SetTopicAttributes",
            ("TopicArn", topic),
            ("AttributeName", "DeliveryPolicy"),
            ("AttributeValue", "{\"http\":{\"defaultHealthyRetryPolicy\":" + policy + "}}")
        );
        await Fails(
            "InvalidParameter",
            $"Invalid parameter: Attributes Reason: DeliveryPolicy: healthyRetryPolicy.{words}",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "http"),
            ("Endpoint", "http://localhost:1/"),
            ("Attributes.entry.1.key", "DeliveryPolicy"),
            ("Attributes.entry.1.value", "{\"healthyRetryPolicy\":" + policy + "}")
        );
    }

    [Theory]
    [InlineData("http", """{"healthyRetryPolicy":{"minDelayTarget":60,"maxDelayTarget":60,"numRetries":61}}""")]
    [InlineData("http", """{"throttlePolicy":{"maxReceivesPerSecond":0}}""")]
    [InlineData("http", """{"requestPolicy":{"headerContentType":"text/csv"}}""")]
    [InlineData("http", """{"requestPolicy":{"headerContentType":"image/png"}}""")]
    [InlineData("http", """{"http":{}}""")]
    [InlineData("http", "[]")]
    [InlineData("http", "{")]
    [InlineData("email", """{"throttlePolicy":{"maxReceivesPerSecond":1}}""")]
    public async Task A_policy_of_another_kind_is_refused(string protocol, string policy)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(async () =>
            await Subscribe(
                await Topic("news"),
                protocol,
                protocol == "http" ? "http://localhost:1/" : "a@example.com",
                ("DeliveryPolicy", policy)
            )
        );
        Assert.Equal("InvalidParameter", Value(error.Body, "Code"));
    }

    /// <summary>The delays of "Creating an HTTP/S delivery policy": its diagram has ten retries from 5 to 260 seconds.</summary>
    [Fact]
    public void A_backoff_goes_from_the_least_delay_to_the_most()
    {
        foreach (var function in Emulator.Sns.RetryPolicy.Functions)
        {
            var policy = new Emulator.Sns.RetryPolicy
            {
                MinDelayTarget = 5,
                MaxDelayTarget = 260,
                NumRetries = 10,
                BackoffFunction = function,
            };
            var waits = Enumerable.Range(1, 10).Select(failures => policy.Wait(failures)!.Value.TotalSeconds).ToList();
            Assert.Equal((5, 260), (Math.Round(waits[0], 6), Math.Round(waits[^1], 6)));
            Assert.Equal(waits.Order(), waits);
            Assert.Null(policy.Wait(11));
        }
    }

    private Task<string> Set(string arn, string policy) =>
        cloud.Query(
            "sns",
            "SetSubscriptionAttributes",
            ("SubscriptionArn", arn),
            ("AttributeName", "DeliveryPolicy"),
            ("AttributeValue", policy)
        );
}
