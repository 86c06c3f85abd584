using System.Text.Json;

namespace Disa.Emulator.Tests.Secrets;

/// <summary>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html</summary>
public sealed class BatchGetSecretValueTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        foreach (var name in (string[])["one/a", "one/b", "two"])
        {
            await Call(
                "CreateSecret",
                $$"""{"Name":"{{name}}","SecretString":"value of {{name}}","ClientRequestToken":"00000000-0000-0000-0000-000000000001"}"""
            );
        }
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Several_secrets_are_read_by_name_and_what_cannot_be_read_is_an_error_beside_them()
    {
        await Call("CreateSecret", """{"Name":"empty","ClientRequestToken":"00000000-0000-0000-0000-000000000001"}""");
        await Call(
            "PutResourcePolicy",
            """
            {"SecretId":"one/b","ResourcePolicy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"}]}"}
            """
        );

        var answer = await Call("BatchGetSecretValue", """{"SecretIdList":["two","one/b","none","empty","one/a"]}""");

        Assert.Equal(["value of two", "value of one/a"], Texts(answer, "SecretValues", "SecretString"));
        Assert.Equal(["one/b", "none", "empty"], Texts(answer, "Errors", "SecretId"));
        Assert.Equal(
            ["AccessDeniedException", "ResourceNotFoundException", "ResourceNotFoundException"],
            Texts(answer, "Errors", "ErrorCode")
        );
        Assert.Contains("not authorized to perform: secretsmanager:GetSecretValue", Texts(answer, "Errors", "Message")[0]);
        Assert.Equal(
            ["ARN", "Name", "VersionId", "SecretString", "VersionStages", "CreatedDate"],
            answer.GetProperty("SecretValues")[0].EnumerateObject().Select(member => member.Name)
        );
    }

    [Fact]
    public async Task Filters_choose_and_a_token_goes_on()
    {
        const string filter = """ "Filters":[{"Key":"name","Values":["one/"]}] """;
        await Call("DeleteSecret", """{"SecretId":"two"}""");

        var first = await Call("BatchGetSecretValue", $$"""{{{filter}},"MaxResults":1}""");
        var token = first.GetProperty("NextToken").GetString();
        var second = await Call("BatchGetSecretValue", $$"""{{{filter}},"MaxResults":1,"NextToken":"{{token}}"}""");
        var all = await Call("BatchGetSecretValue", """{"Filters":[{"Key":"all","Values":["value","one","two"]}]}""");

        Assert.Equal(["value of one/a"], Texts(first, "SecretValues", "SecretString"));
        Assert.Equal(["value of one/b"], Texts(second, "SecretValues", "SecretString"));
        Assert.False(second.TryGetProperty("NextToken", out _));
        Assert.Equal(["one/a", "one/b"], Texts(all, "SecretValues", "Name"));
        Assert.Empty(Texts(all, "Errors", "SecretId"));
    }

    [Theory]
    [InlineData("{}", "Either 'SecretIdList' or 'Filters' must be provided, but not both.")]
    [InlineData(
        """{"SecretIdList":["two"],"Filters":[{"Key":"name","Values":["two"]}]}""",
        "Either 'SecretIdList' or 'Filters' must be provided, but not both."
    )]
    [InlineData("""{"SecretIdList":["two"],"MaxResults":1}""", "'Filters' must also be specified when 'MaxResults' is provided.")]
    [InlineData("""{"SecretIdList":["two"],"NextToken":"x"}""", "'Filters' must also be specified when 'NextToken' is provided.")]
    [InlineData("""{"SecretIdList":[]}""", "Member must have length greater than or equal to 1")]
    [InlineData(
        """{"SecretIdList":["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]}""",
        "Member must have length less than or equal to 20"
    )]
    [InlineData("""{"Filters":[{"Key":"name","Values":["two"]}],"MaxResults":21}""", "Member must have value less than or equal to 20")]
    [InlineData("""{"Filters":[{"Key":"colour","Values":["two"]}]}""", "Member must satisfy enum value set")]
    public async Task What_chooses_nothing_or_too_much_is_refused(string body, string message)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => Call("BatchGetSecretValue", body));
        Assert.Contains(message, JsonElement.Parse(refused.Body).GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("secretsmanager", "secretsmanager." + operation, body);

    private static List<string> Texts(JsonElement answer, string list, string member) =>
        [.. answer.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(member).GetString()!)];
}
