using System.Text.Json;

namespace Disa.Emulator.Tests.Secrets;

/// <summary>Secrets, their versions and their end. https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string First = "00000000-0000-0000-0000-000000000001";
    private const string Second = "00000000-0000-0000-0000-000000000002";
    private const string Third = "00000000-0000-0000-0000-000000000003";

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    /// <summary>Members as recorded on AWS.</summary>
    [Fact]
    public async Task A_secret_is_made_read_and_described()
    {
        var made = await Call("CreateSecret", $$"""{"Name":"s","SecretString":"v","ClientRequestToken":"{{First}}","Description":"d"}""");
        Assert.Equal(["ARN", "Name", "VersionId"], Members(made));
        Assert.Matches("^arn:aws:secretsmanager:us-east-1:000000000000:secret:s-[a-zA-Z0-9]{6}$", Text(made, "ARN"));
        Assert.Equal(
            ["ARN", "Name", "Description", "LastChangedDate", "VersionIdsToStages", "CreatedDate"],
            Members(await Call("DescribeSecret", """{"SecretId":"s"}"""))
        );

        var read = await Call("GetSecretValue", $$"""{"SecretId":"{{Text(made, "ARN")}}"}""");
        Assert.Equal(["ARN", "Name", "VersionId", "SecretString", "VersionStages", "CreatedDate"], Members(read));
        Assert.Equal("v", Text(read, "SecretString"));
        var described = await Call("DescribeSecret", """{"SecretId":"s"}""");
        Assert.Equal(0, described.GetProperty("LastAccessedDate").GetDouble() % 86400);
        Assert.Equal($$"""{"{{First}}":["AWSCURRENT"]}""", described.GetProperty("VersionIdsToStages").GetRawText());
    }

    /// <summary>Recorded on AWS: six letters or digits behind a hyphen are taken for the end of the ARN.</summary>
    [Theory]
    [InlineData("Valid/_+=.@-Name", true)]
    [InlineData("Valid/_+=.@-Name-a1b2", true)]
    [InlineData("Valid/_+=.@-Name-a1b2c3-", true)]
    [InlineData("Invalid/_+=.@-Name-a1b2c3", false)]
    public async Task A_part_of_the_ARN_names_a_secret_too(string name, bool found)
    {
        var arn = Text(await Call("CreateSecret", $$"""{"Name":"{{name}}","SecretString":"v","ClientRequestToken":"{{First}}"}"""), "ARN")!;
        var body = $$"""{"SecretId":"{{arn[..^7]}}"}""";

        if (found)
        {
            Assert.Equal(name, Text(await Call("GetSecretValue", body), "Name"));
        }
        else
        {
            await Refused("GetSecretValue", body, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        }
    }

    /// <summary>Recorded on AWS, AWSPENDING leaving with AWSCURRENT included.</summary>
    [Fact]
    public async Task Labels_move_from_version_to_version()
    {
        await Call("CreateSecret", $$"""{"Name":"s","SecretString":"1","ClientRequestToken":"{{First}}"}""");
        var put = await Call(
            "PutSecretValue",
            $$"""{"SecretId":"s","SecretString":"2","ClientRequestToken":"{{Second}}","VersionStages":["AWSPENDING"]}"""
        );
        Assert.Equal("""["AWSPENDING"]""", put.GetProperty("VersionStages").GetRawText());

        await Call(
            "UpdateSecretVersionStage",
            $$"""{"SecretId":"s","VersionStage":"AWSCURRENT","RemoveFromVersionId":"{{First}}","MoveToVersionId":"{{Second}}"}"""
        );
        Assert.Equal($"{First}: AWSPREVIOUS; {Second}: AWSCURRENT AWSPENDING", await Stages());
        await Call("PutSecretValue", $$"""{"SecretId":"s","SecretString":"3","ClientRequestToken":"{{Third}}"}""");
        Assert.Equal($"{Second}: AWSPREVIOUS; {Third}: AWSCURRENT", await Stages());
        Assert.Equal("2", Text(await Call("GetSecretValue", """{"SecretId":"s","VersionStage":"AWSPREVIOUS"}"""), "SecretString"));
        Assert.Equal("1", Text(await Call("GetSecretValue", $$"""{"SecretId":"s","VersionId":"{{First}}"}"""), "SecretString"));
        var all = await Call("ListSecretVersionIds", """{"SecretId":"s","IncludeDeprecated":true}""");
        Assert.Equal(3, all.GetProperty("Versions").GetArrayLength());
        Assert.Equal("""["DefaultEncryptionKey"]""", all.GetProperty("Versions")[0].GetProperty("KmsKeyIds").GetRawText());
    }

    [Fact]
    public async Task An_update_without_a_value_makes_no_version()
    {
        await Call("CreateSecret", """{"Name":"s"}""");
        Assert.Equal(["ARN", "Name"], Members(await Call("UpdateSecret", """{"SecretId":"s","Description":"d"}""")));
        await Refused(
            "GetSecretValue",
            """{"SecretId":"s"}""",
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
        );

        Assert.Equal(
            ["ARN", "Name", "VersionId"],
            Members(await Call("UpdateSecret", $$"""{"SecretId":"s","SecretBinary":"AQI=","ClientRequestToken":"{{First}}"}"""))
        );
        Assert.Equal("AQI=", Text(await Call("GetSecretValue", """{"SecretId":"s"}"""), "SecretBinary"));
    }

    [Fact]
    public async Task A_request_that_is_repeated_with_its_token_does_nothing_and_with_another_value_is_refused()
    {
        var body = $$"""{"Name":"s","SecretString":"1","ClientRequestToken":"{{First}}"}""";
        var made = await Call("CreateSecret", body);
        Assert.Equal(made.GetRawText(), (await Call("CreateSecret", body)).GetRawText());
        await Refused(
            "CreateSecret",
            $$"""{"Name":"s","SecretString":"2","ClientRequestToken":"{{Second}}"}""",
            "ResourceExistsException",
            "The operation failed because the secret s already exists."
        );
        await Call("PutSecretValue", $$"""{"SecretId":"s","SecretString":"1","ClientRequestToken":"{{First}}"}""");
        await Refused(
            "PutSecretValue",
            $$"""{"SecretId":"s","SecretString":"2","ClientRequestToken":"{{First}}"}""",
            "ResourceExistsException"
        );
    }

    [Fact]
    public async Task A_deleted_secret_can_be_restored_until_its_window_is_over()
    {
        await Call("CreateSecret", $$"""{"Name":"s","SecretString":"1","ClientRequestToken":"{{First}}"}""");
        await Call("DeleteSecret", """{"SecretId":"s","RecoveryWindowInDays":7}""");
        const string marked = "You can't perform this operation on the secret because it was marked for deletion.";
        await Refused("GetSecretValue", """{"SecretId":"s"}""", "InvalidRequestException", marked);
        await Refused(
            "CreateSecret",
            $$"""{"Name":"s","SecretString":"1","ClientRequestToken":"{{Second}}"}""",
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion."
        );
        Assert.Equal(0, (await Call("ListSecrets", "{}")).GetProperty("SecretList").GetArrayLength());

        await Call("RestoreSecret", """{"SecretId":"s"}""");
        Assert.Equal("1", Text(await Call("GetSecretValue", """{"SecretId":"s"}"""), "SecretString"));
        await Call("DeleteSecret", """{"SecretId":"s","RecoveryWindowInDays":7}""");
        await cloud.Cloud.Advance(TimeSpan.FromDays(6.9), TestContext.Current.CancellationToken);
        await Call("DescribeSecret", """{"SecretId":"s"}""");
        await cloud.Cloud.Advance(TimeSpan.FromDays(0.2), TestContext.Current.CancellationToken);
        await Refused("DescribeSecret", """{"SecretId":"s"}""", "ResourceNotFoundException");

        Assert.Equal(
            ["ARN", "Name", "DeletionDate"],
            Members(await Call("DeleteSecret", """{"SecretId":"s","ForceDeleteWithoutRecovery":true}"""))
        );
    }

    [Fact]
    public async Task Secrets_are_listed_by_filter_and_in_pages()
    {
        foreach (var (name, tag) in ((string, string)[])[("app/one", "x"), ("app/two", "y"), ("other", "x")])
        {
            await Call("CreateSecret", $$"""{"Name":"{{name}}","Tags":[{"Key":"team","Value":"{{tag}}"}]}""");
        }

        Assert.Equal(["app/one", "app/two"], Names(await Call("ListSecrets", """{"Filters":[{"Key":"name","Values":["app/"]}]}""")));
        Assert.Equal(["app/one", "other"], Names(await Call("ListSecrets", """{"Filters":[{"Key":"tag-value","Values":["x"]}]}""")));
        Assert.Equal(["other"], Names(await Call("ListSecrets", """{"Filters":[{"Key":"name","Values":["!app"]}]}""")));
        var first = await Call("ListSecrets", """{"MaxResults":2,"SortBy":"name","SortOrder":"desc"}""");
        Assert.Equal(["other", "app/two"], Names(first));
        Assert.Equal(
            ["app/one"],
            Names(await Call("ListSecrets", $$"""{"SortBy":"name","SortOrder":"desc","NextToken":"{{Text(first, "NextToken")}}"}"""))
        );
        await Refused("ListSecrets", """{"NextToken":"x"}""", "InvalidNextTokenException");
        Assert.Equal(["ARN", "Name", "LastChangedDate", "Tags", "CreatedDate"], Members(first.GetProperty("SecretList")[0]));
    }

    [Fact]
    public async Task A_password_has_what_is_asked_for()
    {
        async Task<string> Password(string body) => Text(await Call("GetRandomPassword", body), "RandomPassword")!;

        var usual = await Password("{}");
        Assert.Equal(32, usual.Length);
        Assert.Contains(usual, char.IsAsciiLetterUpper);
        Assert.Contains(usual, char.IsAsciiDigit);
        Assert.Matches(
            "^[0-9]{4}$",
            await Password("""{"PasswordLength":4,"ExcludeUppercase":true,"ExcludeLowercase":true,"ExcludePunctuation":true}""")
        );
        Assert.DoesNotContain('a', await Password("""{"PasswordLength":4000,"ExcludeCharacters":"a"}"""));
        await Refused("GetRandomPassword", """{"PasswordLength":3}""", "InvalidParameterException");
        await Refused("GetRandomPassword", """{"PasswordLength":4097}""", "ValidationException");
    }

    /// <summary>Texts as recorded on AWS, or as its API reference words them.</summary>
    [Theory]
    [InlineData(
        "DescribeSecret",
        """{"SecretId":"none"}""",
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret."
    )]
    [InlineData(
        "DescribeSecret",
        """{"SecretId":"Inv Name"}""",
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
    )]
    [InlineData(
        "CreateSecret",
        """{"Name":" Inv*Name? "}""",
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
    )]
    [InlineData(
        "CreateSecret",
        """{"Name":"t","SecretString":"v"}""",
        "InvalidRequestException",
        "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    )]
    [InlineData(
        "PutSecretValue",
        """{"SecretId":"s","SecretString":"v"}""",
        "InvalidRequestException",
        "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    )]
    [InlineData(
        "UpdateSecret",
        """{"SecretId":"s","SecretString":"v"}""",
        "InvalidRequestException",
        "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    )]
    [InlineData(
        "DeleteSecret",
        """{"SecretId":"s","RecoveryWindowInDays":6}""",
        "InvalidParameterException",
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
    )]
    [InlineData(
        "DeleteSecret",
        """{"SecretId":"s","RecoveryWindowInDays":7,"ForceDeleteWithoutRecovery":true}""",
        "InvalidParameterException",
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
    )]
    [InlineData(
        "GetSecretValue",
        """{"SecretId":"s","VersionId":"00000000-0000-0000-0000-000000000009"}""",
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for VersionId: 00000000-0000-0000-0000-000000000009"
    )]
    [InlineData(
        "UpdateSecretVersionStage",
        """{"SecretId":"s","VersionStage":"AWSCURRENT","RemoveFromVersionId":"00000000-0000-0000-0000-000000000001"}""",
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
    )]
    [InlineData(
        "RotateSecret",
        """{"SecretId":"s"}""",
        "NotImplemented",
        "The Disa emulator does not support secretsmanager:RotateSecret."
    )]
    public async Task A_refusal_is_in_AWSs_words(string operation, string body, string type, string message)
    {
        await Call("CreateSecret", $$"""{"Name":"s","SecretString":"1","ClientRequestToken":"{{First}}"}""");

        await Refused(operation, body, type, message);
    }

    [Fact]
    public async Task Its_own_policy_lets_another_account_read_a_secret_under_a_key_of_the_customer()
    {
        await using var strict = await TestCloud.StartEnforcing();
        Task<JsonElement> Own(string operation, string body) => strict.Json("secretsmanager", "secretsmanager." + operation, body);
        var made = await Own("CreateSecret", $$"""{"Name":"s","SecretString":"v","ClientRequestToken":"{{First}}"}""");
        var get = $$"""{"SecretId":"{{Text(made, "ARN")}}"}""";
        Task<JsonElement> Theirs() => strict.Json("secretsmanager", "secretsmanager.GetSecretValue", get, "111111111111");
        Assert.Contains("is not authorized to perform", (await Assert.ThrowsAsync<TestAwsException>(Theirs)).Body);

        var policy = JsonSerializer.Serialize(
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}}"""
        );
        await Own("PutResourcePolicy", $$"""{"SecretId":"s","ResourcePolicy":{{policy}},"BlockPublicPolicy":true}""");

        // https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html: the key that AWS manages is not shared.
        Assert.Contains("Access to KMS is not allowed", (await Assert.ThrowsAsync<TestAwsException>(Theirs)).Body);
    }

    /// <summary>https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html</summary>
    [Fact]
    public async Task A_secret_is_a_parameter_too()
    {
        await Call("CreateSecret", $$"""{"Name":"s","SecretString":"v","ClientRequestToken":"{{First}}"}""");
        Task<JsonElement> Get(string name, string decrypted) =>
            cloud.Json(
                "ssm",
                "AmazonSSM.GetParameter",
                $$"""{"Name":"/aws/reference/secretsmanager/{{name}}","WithDecryption":{{decrypted}}}"""
            );

        var parameter = (await Get("s", "true")).GetProperty("Parameter");
        Assert.Equal("v", Text(parameter, "Value"));
        Assert.Equal("SecureString", Text(parameter, "Type"));
        Assert.Contains("\"SecretString\":\"v\"", Text(parameter, "SourceResult"));
        Assert.Contains(
            "WithDecryption flag must be True for retrieving a Secret Manager secret.",
            (await Assert.ThrowsAsync<TestAwsException>(() => Get("s", "false"))).Body
        );
        Assert.Contains(
            "An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret /aws/reference/secretsmanager/none not found.",
            (await Assert.ThrowsAsync<TestAwsException>(() => Get("none", "true"))).Body
        );
    }

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("secretsmanager", "secretsmanager." + operation, body);

    private async Task<string> Stages() =>
        string.Join(
            "; ",
            (await Call("ListSecretVersionIds", """{"SecretId":"s"}"""))
                .GetProperty("Versions")
                .EnumerateArray()
                .Select(version =>
                    $"{Text(version, "VersionId")}: {string.Join(' ', version.GetProperty("VersionStages").EnumerateArray())}"
                )
        );

    private static IEnumerable<string> Members(JsonElement answer) => answer.EnumerateObject().Select(member => member.Name);

    private static string? Text(JsonElement answer, string member) => answer.GetProperty(member).GetString();

    private static IEnumerable<string?> Names(JsonElement answer) =>
        answer.GetProperty("SecretList").EnumerateArray().Select(secret => Text(secret, "Name"));

    private async Task Refused(string operation, string body, string type, string? message = null)
    {
        var error = JsonElement.Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body);
        Assert.Equal(type, Text(error, "__type"));
        if (message is not null)
        {
            Assert.Equal(message, Text(error, "Message"));
        }
    }
}
