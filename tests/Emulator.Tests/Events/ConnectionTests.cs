using System.Text.Json;

namespace Disa.Emulator.Tests.Events;

/// <summary>Connections and API destinations: answers as recorded on AWS 06-12-2024.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData(
        "API_KEY",
        """{"ApiKeyAuthParameters":{"ApiKeyName":"k","ApiKeyValue":"v"},"InvocationHttpParameters":{}}""",
        """{"ApiKeyAuthParameters":{"ApiKeyName":"k"},"InvocationHttpParameters":{}}""",
        """{"api_key_name":"k","api_key_value":"v","invocation_http_parameters":{}}""",
        "AUTHORIZED"
    )]
    [InlineData(
        "BASIC",
        """{"BasicAuthParameters":{"Username":"u","Password":"p"}}""",
        """{"BasicAuthParameters":{"Username":"u"}}""",
        """{"username":"u","password":"p"}""",
        "AUTHORIZED"
    )]
    [InlineData(
        "OAUTH_CLIENT_CREDENTIALS",
        """{"OAuthParameters":{"AuthorizationEndpoint":"https://localhost/token","HttpMethod":"POST","ClientParameters":{"ClientID":"c","ClientSecret":"s"}}}""",
        """{"OAuthParameters":{"ClientParameters":{"ClientID":"c"},"AuthorizationEndpoint":"https://localhost/token","HttpMethod":"POST"}}""",
        """{"client_id":"c","client_secret":"s","authorization_endpoint":"https://localhost/token","http_method":"POST"}""",
        "AUTHORIZING"
    )]
    public async Task What_is_secret_of_a_connection_is_kept_in_a_secret(
        string type,
        string given,
        string shown,
        string secret,
        string state
    )
    {
        var made = await Call("CreateConnection", $$"""{"Name":"c","AuthorizationType":"{{type}}","AuthParameters":{{given}} }""");
        Assert.Equal(state, made.GetProperty("ConnectionState").GetString());
        var found = await Call("DescribeConnection", """{"Name":"c"}""");

        Assert.Equal(shown, found.GetProperty("AuthParameters").GetRawText());
        var arn = found.GetProperty("SecretArn").GetString()!;
        Assert.Contains(":secret:events!connection/c/", arn);
        Assert.Equal(secret, await Secret(arn));

        await Call("DeleteConnection", """{"Name":"c"}""");
        Assert.Contains("ResourceNotFoundException", (await Assert.ThrowsAsync<TestAwsException>(() => Secret(arn))).Body);
        await Refused("DescribeConnection", """{"Name":"c"}""", "Failed to describe the connection(s). Connection 'c' does not exist.");
    }

    [Fact]
    public async Task An_API_destination_lives_from_creation_to_deletion()
    {
        var connection = (
            await Call(
                "CreateConnection",
                """{"Name":"c","AuthorizationType":"API_KEY","AuthParameters":{"ApiKeyAuthParameters":{"ApiKeyName":"k","ApiKeyValue":"v"}}}"""
            )
        ).GetProperty("ConnectionArn");
        var made = await Call(
            "CreateApiDestination",
            $$"""{"Name":"a","ConnectionArn":"{{connection}}","HttpMethod":"POST","InvocationEndpoint":"https://localhost/api"}"""
        );
        Assert.Equal("ACTIVE", made.GetProperty("ApiDestinationState").GetString());
        Assert.Equal(
            300,
            (await Call("DescribeApiDestination", """{"Name":"a"}""")).GetProperty("InvocationRateLimitPerSecond").GetInt32()
        );

        await Call("UpdateApiDestination", """{"Name":"a","HttpMethod":"PUT"}""");

        var listed = (await Call("ListApiDestinations", """{"NamePrefix":"a"}""")).GetProperty("ApiDestinations")[0];
        Assert.Equal("PUT", listed.GetProperty("HttpMethod").GetString());
        await Call("DeleteApiDestination", """{"Name":"a"}""");
        await Refused(
            "DescribeApiDestination",
            """{"Name":"a"}""",
            "Failed to describe the api-destination(s). An api-destination 'a' does not exist."
        );
    }

    [Theory]
    [InlineData(
        "CreateConnection",
        """{"Name":"two faults","AuthorizationType":"INVALID","AuthParameters":{}}""",
        @"2 validation errors detected: Value 'two faults' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+; Value 'INVALID' at 'authorizationType' failed to satisfy constraint: Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]"
    )]
    [InlineData(
        "CreateApiDestination",
        """{"Name":"a","ConnectionArn":"invalid","HttpMethod":"INVALID","InvocationEndpoint":"invalid-endpoint"}""",
        @"2 validation errors detected: Value 'invalid' at 'connectionArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$; Value 'INVALID' at 'httpMethod' failed to satisfy constraint: Member must satisfy enum value set: [HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]"
    )]
    [InlineData(
        "CreateApiDestination",
        """{"Name":"a","ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/a/b","HttpMethod":"GET","InvocationEndpoint":"https://localhost/\n"}""",
        "1 validation error detected: Value 'https://localhost/\n' at 'invocationEndpoint' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            + @"^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$"
    )]
    public async Task All_that_is_wrong_of_a_request_is_told_at_once(string operation, string body, string message) =>
        await Refused(operation, body, message);

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("events", "AWSEvents." + operation, body);

    private async Task<string?> Secret(string arn) =>
        (await cloud.Json("secretsmanager", "secretsmanager.GetSecretValue", $$"""{"SecretId":"{{arn}}"}"""))
            .GetProperty("SecretString")
            .GetString();

    private async Task Refused(string operation, string body, string message) =>
        Assert.Equal(
            message,
            JsonElement
                .Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body)
                .GetProperty("message")
                .GetString()
        );
}
