using Disa.Emulator.Tests.CloudFormation;

namespace Disa.Emulator.Tests.Events;

/// <summary>
/// Connections and API destinations in templates: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-connection.html,
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-apidestination.html.
/// </summary>
public sealed class ConnectionResourceTests : IAsyncLifetime
{
    private const string Template = """
        Resources:
          Key:
            Type: AWS::Events::Connection
            Properties:
              Name: key
              AuthorizationType: API_KEY
              AuthParameters:
                ApiKeyAuthParameters: { ApiKeyName: x-key, ApiKeyValue: hidden }
                InvocationHttpParameters: { HeaderParameters: [{ Key: a, Value: b, IsValueSecret: "false" }] }
          Shop:
            Type: AWS::Events::ApiDestination
            Properties:
              ConnectionArn: !GetAtt Key.Arn
              InvocationEndpoint: https://shop.example/orders
              HttpMethod: POST
              InvocationRateLimitPerSecond: "10"
        Outputs:
          Key: { Value: !Ref Key }
          Arn: { Value: !GetAtt Shop.Arn }
          Policy: { Value: !GetAtt Key.ArnForPolicy }
          Secret: { Value: !GetAtt Key.SecretArn }
        """;

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_stack_makes_them_changes_them_and_takes_them_away()
    {
        var made = await stacks.Do("CreateStack", "s", Template);
        Assert.True(made == "CREATE_COMPLETE", string.Join('\n', await stacks.Events("s")));
        var outputs = (await stacks.Call("DescribeStacks", ("StackName", "s")))
            .Descendants("OutputValue")
            .Select(value => value.Value)
            .ToList();
        var changed = await stacks.Do("UpdateStack", "s", Template.Replace("/orders", "/returns"));

        Assert.Equal("UPDATE_COMPLETE", changed);
        Assert.Contains("key", outputs);
        Assert.Contains("arn:aws:events:us-east-1:000000000000:connection/key", outputs);
        Assert.Contains(
            outputs,
            value => value.StartsWith("arn:aws:events:us-east-1:000000000000:api-destination/s-Shop-", StringComparison.Ordinal)
        );
        Assert.Contains(outputs, value => value.Contains(":secret:events!connection/key/", StringComparison.Ordinal));
        var listed = await stacks.Cloud.Json("events", "AWSEvents.ListApiDestinations", "{}");
        var shop = Assert.Single(listed.GetProperty("ApiDestinations").EnumerateArray());
        Assert.Equal("https://shop.example/returns", shop.GetProperty("InvocationEndpoint").GetString());
        Assert.Equal(10, shop.GetProperty("InvocationRateLimitPerSecond").GetInt32());

        await stacks.Call("DeleteStack", ("StackName", "s"));
        Assert.True(await stacks.Cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        listed = await stacks.Cloud.Json("events", "AWSEvents.ListConnections", "{}");
        Assert.Empty(listed.GetProperty("Connections").EnumerateArray());
    }
}
