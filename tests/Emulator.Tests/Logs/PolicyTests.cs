using System.Text.Json;

namespace Disa.Emulator.Tests.Logs;

/// <summary>Resource policies, delivery destinations and what is said of groups: answers as recorded on AWS in February 2026.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_policy_is_answered_as_it_was_given_and_described_as_it_was_understood()
    {
        const string given =
            """{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"Service":["route53.amazonaws.com"]},"Action":"logs:PutLogEvents","Resource":"*"}]}""";
        var text = JsonEncodedText.Encode(given);

        var put = (await Call("PutResourcePolicy", $$"""{"policyName":"p","policyDocument":"{{text}}"}""")).GetProperty("resourcePolicy");

        Assert.Equal(("p", given), (put.GetProperty("policyName").GetString(), put.GetProperty("policyDocument").GetString()));
        var found = (await Call("DescribeResourcePolicies", "{}")).GetProperty("resourcePolicies")[0];
        Assert.Equal(
            given.Replace("[\"route53.amazonaws.com\"]", "\"route53.amazonaws.com\"", StringComparison.Ordinal),
            found.GetProperty("policyDocument").GetString()
        );
        await Call("DeleteResourcePolicy", """{"policyName":"p"}""");
        await Refused(
            "DeleteResourcePolicy",
            """{"policyName":"p"}""",
            "ResourceNotFoundException",
            "Policy with name [p] does not exist."
        );
    }

    [Fact]
    public async Task Ten_policies_are_all()
    {
        Task<JsonElement> Put(int number) =>
            Call(
                "PutResourcePolicy",
                $$"""{"policyName":"p{{number}}","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"""
            );
        for (var i = 0; i < 10; i++)
        {
            await Put(i);
        }

        Assert.Contains("LimitExceededException", (await Assert.ThrowsAsync<TestAwsException>(() => Put(10))).Body);
    }

    [Fact]
    public async Task A_delivery_destination_lives_from_creation_to_deletion()
    {
        var put = await Call(
            "PutDeliveryDestination",
            """{"name":"d","outputFormat":"json","deliveryDestinationConfiguration":{"destinationResourceArn":"arn:aws:s3:::b"}}"""
        );

        Assert.Equal(
            """{"name":"d","arn":"arn:aws:logs:us-east-1:000000000000:delivery-destination:d","deliveryDestinationType":"S3","outputFormat":"json","deliveryDestinationConfiguration":{"destinationResourceArn":"arn:aws:s3:::b"}}""",
            put.GetProperty("deliveryDestination").GetRawText()
        );
        Assert.Equal(1, (await Call("DescribeDeliveryDestinations", "{}")).GetProperty("deliveryDestinations").GetArrayLength());
        await Call("DeleteDeliveryDestination", """{"name":"d"}""");
        foreach (var operation in (string[])["GetDeliveryDestination", "DeleteDeliveryDestination"])
        {
            await Refused(
                operation,
                """{"name":"d"}""",
                "ResourceNotFoundException",
                "Requested Delivery Destination does not exist in this account."
            );
        }
    }

    [Fact]
    public async Task A_group_found_by_a_pattern_is_shown_without_its_size()
    {
        await Call("CreateLogGroup", """{"logGroupName":"abc"}""");

        var all = (await Call("DescribeLogGroups", "{}")).GetProperty("logGroups")[0];
        var found = (await Call("DescribeLogGroups", """{"logGroupNamePattern":"b"}""")).GetProperty("logGroups")[0];

        Assert.False(all.GetProperty("deletionProtectionEnabled").GetBoolean());
        Assert.True(all.TryGetProperty("storedBytes", out _));
        Assert.False(found.TryGetProperty("storedBytes", out _) || found.TryGetProperty("deletionProtectionEnabled", out _));
        var listed = (await Call("ListLogGroups", """{"logGroupNamePattern":"^abc"}""")).GetProperty("logGroups");
        Assert.Equal(
            """[{"logGroupName":"abc","logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:abc","logGroupClass":"STANDARD"}]""",
            listed.GetRawText()
        );
    }

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("logs", "Logs_20140328." + operation, body);

    private async Task Refused(string operation, string body, string type, string message)
    {
        var error = JsonElement.Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body);
        Assert.Equal((type, message), (error.GetProperty("__type").GetString(), error.GetProperty("message").GetString()));
    }
}
