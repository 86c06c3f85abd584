using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>An invocation that goes on while an update gives its function another topic, and deletes the one that it has.</summary>
public abstract class SuccessorTests(Cloud cloud) : WithProcessFunction(cloud)
{
    [Fact]
    public async Task What_the_topic_of_before_does_not_take_is_given_back_without_an_attempt()
    {
        var table = await TableAsync(Item("1", ("message", new("bad"))), Item("2", ("message", new("good"))));
        topic = new(sent => Said(sent, (_, text) => text == "bad" ? "NotFound" : null));
        lambda = Configured(Successor);
        var result = await RunAsync(table, Now, "1", "2");
        Assert.Equal((1, 0, 1), (result.Sent, result.Failed, result.Deferred));
        Assert.StartsWith("2026-11-23T06:30:01", result.PacedUntil, StringComparison.Ordinal);
        Assert.Equal("/2015-03-31/functions/p/configuration?Qualifier=%24LATEST", lambda.Requests.Single().Uri.PathAndQuery);
        var item = await ReadAsync(table, "1");
        Assert.Equal(("Failure", "FunctionChanged"), (item["sendStatus"].S, item["sendReason"].S));
        Assert.False(item.ContainsKey("sendAttempts") || item.ContainsKey("sendClaim") || item.ContainsKey("sendHistory"));

        // As the function is now.
        (topic, lambda) = (new(_ => Published("m-1")), null);
        Assert.Equal(1, (await RunAsync(table, Now.AddSeconds(2), "1", "2")).Sent);
        item = await ReadAsync(table, "1");
        Assert.Equal(("Successful", "1"), (item["sendStatus"].S, item["sendAttempts"].N));
        Assert.DoesNotContain("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    /// <summary>The topic is gone and the function has no other, or nobody can say.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_that_is_gone_for_good_is_a_failure(bool answered)
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        topic = new(_ => Answer.QueryError("NotFound"));
        lambda = answered
            ? Configured(topicArn)
            : new(_ =>
                new(
                    HttpStatusCode.Forbidden,
                    """{"Message":"no"}""",
                    new Dictionary<string, string> { ["x-amzn-ErrorType"] = "AccessDeniedException" }
                )
            );
        Assert.Equal(1, (await RunAsync(table, Now, "1")).Failed);
        Assert.Equal("SendFailed", (await ReadAsync(table, "1"))["sendReason"].S);
        Assert.Single(lambda.Requests);
    }
}

/// <summary>An update on the emulator.</summary>
public sealed class SuccessorOnTheEmulatorTests(Emulated aws) : SuccessorTests(aws);

/// <summary>An update on an AWS that this project did not write.</summary>
public sealed class SuccessorOnMotoTests(Moto aws) : SuccessorTests(aws);
