using System.Text.Json;

namespace Disa.Emulator.Tests.Ssm;

/// <summary>Parameters: versions, labels, paths, keys. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html and its neighbours</summary>
public sealed class ParameterTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_parameter_is_read_by_name_and_by_ARN_as_recorded_on_AWS()
    {
        var made = await Call("PutParameter", """{"Name":"/a/b","Value":"test","Type":"String"}""");
        Assert.Equal("""{"Version":1,"Tier":"Standard"}""", made.GetRawText());

        var byName = await Call("GetParameter", """{"Name":"/a/b"}""");
        var byArn = await Call("GetParameter", """{"Name":"arn:aws:ssm:us-east-1:000000000000:parameter/a/b"}""");

        Assert.Equal(byName.GetRawText(), byArn.GetRawText());
        var parameter = byName.GetProperty("Parameter");
        Assert.Equal(
            ["Name", "Type", "Value", "Version", "LastModifiedDate", "ARN", "DataType"],
            parameter.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("arn:aws:ssm:us-east-1:000000000000:parameter/a/b", parameter.GetProperty("ARN").GetString());
        Assert.Equal("text", parameter.GetProperty("DataType").GetString());
    }

    [Fact]
    public async Task Versions_are_selected_by_number_and_by_label()
    {
        await Call("PutParameter", """{"Name":"p","Value":"one","Type":"String","Description":"d","AllowedPattern":"[a-z]+"}""");
        await Call("PutParameter", """{"Name":"p","Value":"two","Overwrite":true}""");
        var labelled = await Call("LabelParameterVersion", """{"Name":"p","ParameterVersion":1,"Labels":["stable","9bad","awsbad"]}""");

        Assert.Equal("""{"InvalidLabels":["9bad","awsbad"],"ParameterVersion":1}""", labelled.GetRawText());
        Assert.Equal("two", await Value("p"));
        Assert.Equal("one", await Value("p:1"));
        Assert.Equal("one", await Value("p:stable"));
        var selected = (await Call("GetParameter", """{"Name":"p:stable"}""")).GetProperty("Parameter");
        Assert.Equal("p", selected.GetProperty("Name").GetString());
        Assert.Equal(":stable", selected.GetProperty("Selector").GetString());

        await Call("LabelParameterVersion", """{"Name":"p","Labels":["stable"]}""");
        Assert.Equal("two", await Value("p:stable"));
        var history = (await Call("GetParameterHistory", """{"Name":"p"}""")).GetProperty("Parameters");
        Assert.Equal([0, 1], history.EnumerateArray().Select(version => version.GetProperty("Labels").GetArrayLength()));
        Assert.Equal("d", history[1].GetProperty("Description").GetString());

        var removed = await Call("UnlabelParameterVersion", """{"Name":"p","ParameterVersion":2,"Labels":["stable","other"]}""");
        Assert.Equal("""{"RemovedLabels":["stable"],"InvalidLabels":["other"]}""", removed.GetRawText());
    }

    [Fact]
    public async Task The_hundred_and_first_version_pushes_out_the_oldest_unless_it_has_a_label()
    {
        for (var i = 1; i <= 101; i++)
        {
            await Call("PutParameter", $$"""{"Name":"p","Value":"{{i}}","Type":"String","Overwrite":true}""");
        }

        Assert.Equal("2", await Value("p:2"));
        await Refused("GetParameter", """{"Name":"p:1"}""", "ParameterVersionNotFound");
        await Call("LabelParameterVersion", """{"Name":"p","ParameterVersion":2,"Labels":["keep"]}""");
        await Refused(
            "PutParameter",
            """{"Name":"p","Value":"x","Overwrite":true}""",
            "ParameterMaxVersionLimitExceeded",
            "You attempted to create a new version of p by calling the PutParameter API with the overwrite flag. Version 2, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again."
        );
    }

    [Fact]
    public async Task A_secure_string_is_ciphertext_until_it_is_decrypted()
    {
        await Call("PutParameter", """{"Name":"/s","Value":"secret","Type":"SecureString"}""");

        Assert.Equal("secret", await Value("/s", decrypted: true));
        Assert.NotEqual("secret", await Value("/s"));
        var described = (await Call("DescribeParameters", "{}")).GetProperty("Parameters")[0];
        Assert.Equal("alias/aws/ssm", described.GetProperty("KeyId").GetString());
        Assert.Equal("arn:aws:iam::000000000000:root", described.GetProperty("LastModifiedUser").GetString());

        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("KeyId").GetString();
        await Call("PutParameter", $$"""{"Name":"/t","Value":"secret","Type":"SecureString","KeyId":"{{key}}"}""");
        await cloud.Json("kms", "TrentService.DisableKey", $$"""{"KeyId":"{{key}}"}""");
        var error = await Refused("GetParameter", """{"Name":"/t","WithDecryption":true}""", "InvalidKeyId");
        Assert.Contains($"{key} is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException; Request ID: ", error);
    }

    [Fact]
    public async Task A_path_is_listed_on_one_level_or_on_all_in_pages_that_only_the_emulator_makes()
    {
        foreach (var name in (string[])["/x/a", "/x/b", "/x/b/c", "/xy", "plain"])
        {
            await Call("PutParameter", $$"""{"Name":"{{name}}","Value":"v","Type":"String"}""");
        }

        Assert.Equal(["/x/a", "/x/b"], Names(await Call("GetParametersByPath", """{"Path":"/x"}""")));
        Assert.Equal(["/x/a", "/x/b", "/x/b/c"], Names(await Call("GetParametersByPath", """{"Path":"/x/","Recursive":true}""")));
        var first = await Call("GetParametersByPath", """{"Path":"/x","Recursive":true,"MaxResults":2}""");
        var token = first.GetProperty("NextToken").GetString();
        Assert.Equal(
            ["/x/b/c"],
            Names(await Call("GetParametersByPath", $$"""{"Path":"/x","Recursive":true,"MaxResults":2,"NextToken":"{{token}}"}"""))
        );
        await Refused("GetParametersByPath", """{"Path":"/x","NextToken":"1"}""", "InvalidNextToken");
        Assert.Equal(
            ["/x/b/c"],
            Names(await Call("DescribeParameters", """{"ParameterFilters":[{"Key":"Name","Option":"Contains","Values":["b/c"]}]}"""))
        );
        Assert.Equal(
            ["/x/a", "/x/b"],
            Names(await Call("DescribeParameters", """{"ParameterFilters":[{"Key":"Path","Values":["/x"]}]}"""))
        );
    }

    [Fact]
    public async Task What_is_not_there_is_named_as_invalid()
    {
        await Call("PutParameter", """{"Name":"here","Value":"v","Type":"String"}""");

        var read = await Call("GetParameters", """{"Names":["here","gone","here:7"]}""");
        Assert.Equal("""["gone","here:7"]""", read.GetProperty("InvalidParameters").GetRawText());
        var deleted = await Call("DeleteParameters", """{"Names":["here","gone"]}""");
        Assert.Equal("""{"DeletedParameters":["here"],"InvalidParameters":["gone"]}""", deleted.GetRawText());
    }

    [Fact]
    public async Task Tags_are_added_listed_and_removed()
    {
        await Call("PutParameter", """{"Name":"p","Value":"v","Type":"String","Tags":[{"Key":"a","Value":"1"}]}""");
        await Call("AddTagsToResource", """{"ResourceType":"Parameter","ResourceId":"p","Tags":[{"Key":"b","Value":"2"}]}""");
        await Call("RemoveTagsFromResource", """{"ResourceType":"Parameter","ResourceId":"p","TagKeys":["a"]}""");

        Assert.Equal(
            """{"TagList":[{"Key":"b","Value":"2"}]}""",
            (await Call("ListTagsForResource", """{"ResourceType":"Parameter","ResourceId":"p"}""")).GetRawText()
        );
        Assert.Equal(["p"], Names(await Call("DescribeParameters", """{"ParameterFilters":[{"Key":"tag:b","Values":["2"]}]}""")));
    }

    [Fact]
    public async Task A_long_value_makes_an_advanced_parameter_which_stays_one()
    {
        var value = new string('v', 4097);
        await Refused("PutParameter", $$"""{"Name":"p","Value":"{{value}}","Type":"String"}""", "ValidationException");
        var made = await Call("PutParameter", $$"""{"Name":"p","Value":"{{value}}","Type":"String","Tier":"Intelligent-Tiering"}""");
        Assert.Equal("Advanced", made.GetProperty("Tier").GetString());

        await Refused(
            "PutParameter",
            """{"Name":"p","Value":"v","Overwrite":true,"Tier":"Standard"}""",
            "ValidationException",
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter."
        );
    }

    /// <summary>Texts as AWS words them, reported in public from real accounts.</summary>
    [Theory]
    [InlineData("GetParameter", """{"Name":"gone"}""", "ParameterNotFound", null)]
    [InlineData("DeleteParameter", """{"Name":"gone"}""", "ParameterNotFound", null)]
    [InlineData("GetParameterHistory", """{"Name":"gone"}""", "ParameterNotFound", null)]
    [InlineData(
        "GetParameter",
        """{"Name":"p:9"}""",
        "ParameterVersionNotFound",
        "Systems Manager could not find version 9 of p. Verify the version and try again."
    )]
    [InlineData(
        "GetParameter",
        """{"Name":"{test}-test"}""",
        "ValidationException",
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"p","Value":"v","Type":"String"}""",
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"a/b","Value":"v","Type":"String"}""",
        "ValidationException",
        "Parameter name must be a fully qualified name."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"AWS_x","Value":"v","Type":"String"}""",
        "ValidationException",
        "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"/aws/x","Value":"v","Type":"String"}""",
        "AccessDeniedException",
        "No access to reserved parameter name: /aws/x."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"q","Value":"","Type":"String"}""",
        "ValidationException",
        "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1"
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"q","Value":"v"}""",
        "ValidationException",
        "A parameter type is required when you create a parameter."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"q","Value":"v","Type":"String","AllowedPattern":"^[0-9]+$"}""",
        "ParameterPatternMismatchException",
        "Parameter value, cannot be validated against allowedPattern: ^[0-9]+$"
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"q","Value":"v","Type":"String","Overwrite":true,"Tags":[{"Key":"a","Value":"b"}]}""",
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
    )]
    [InlineData(
        "PutParameter",
        """{"Name":"q","Value":"v","Type":"String","DataType":"not_text"}""",
        "ValidationException",
        "The following data type is not supported: not_text (Data type names are all lowercase.)"
    )]
    [InlineData(
        "DescribeParameters",
        """{"ParameterFilters":[{"Key":"Label","Values":["x"]}]}""",
        "InvalidFilterKey",
        "The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier]."
    )]
    [InlineData(
        "GetParametersByPath",
        """{"Path":"/","ParameterFilters":[{"Key":"Name","Values":["x"]}]}""",
        "InvalidFilterKey",
        "The following filter key is not valid: Name. Valid filter keys include: [Type, KeyId]."
    )]
    [InlineData(
        "GetParametersByPath",
        """{"Path":"x"}""",
        "ValidationException",
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \\\"aws\\\" or \\\"ssm\\\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_."
    )]
    [InlineData("ListTagsForResource", """{"ResourceType":"Parameter","ResourceId":"gone"}""", "InvalidResourceId", null)]
    public async Task A_refusal_is_in_AWSs_words(string operation, string body, string type, string? message)
    {
        await Call("PutParameter", """{"Name":"p","Value":"v","Type":"String"}""");

        Assert.Equal(message, await Refused(operation, body, type));
    }

    [Theory]
    [InlineData("PutParameter", """{"Name":"q","Value":"v","Type":"String","Tier":"Advanced","Policies":"[{\"Type\":\"Expiration\"}]"}""")]
    [InlineData("GetParameter", """{"Name":"/aws/service/ami-amazon-linux-latest/x"}""")]
    [InlineData("SendCommand", "{}")]
    public async Task What_is_not_here_is_refused_by_name(string operation, string body) =>
        await Refused(operation, body, "NotImplemented");

    /// <summary>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html</summary>
    [Fact]
    public async Task A_user_reads_what_its_policy_names_and_decrypts_with_the_right_to_the_key()
    {
        await using var strict = await TestCloud.StartEnforcing();
        foreach (var (name, type) in ((string, string)[])[("/app/plain", "String"), ("/app/key", "SecureString"), ("/other", "String")])
        {
            await strict.Json("ssm", "AmazonSSM.PutParameter", $$"""{"Name":"{{name}}","Value":"v","Type":"{{type}}"}""");
        }

        var key = (await strict.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("Arn").GetString();
        await strict.Json("ssm", "AmazonSSM.PutParameter", $$"""{"Name":"/app/own","Value":"v","Type":"SecureString","KeyId":"{{key}}"}""");
        await strict.Query("iam", "CreateUser", ("UserName", "reader"));
        await strict.Query(
            "iam",
            "PutUserPolicy",
            ("UserName", "reader"),
            ("PolicyName", "p"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:GetParameter*","Resource":"arn:aws:ssm:*:*:parameter/app/*"}}"""
            )
        );
        var made = await strict.Query("iam", "CreateAccessKey", ("UserName", "reader"));
        var id = Between(made, "<AccessKeyId>");
        strict.Secrets[id] = Between(made, "<SecretAccessKey>");

        Task<JsonElement> Get(string name) =>
            strict.Json("ssm", "AmazonSSM.GetParameter", $$"""{"Name":"{{name}}","WithDecryption":true}""", id);
        await Get("/app/plain");
        await Get("/app/key"); // The key that AWS manages lets everybody of the account use it through Systems Manager.
        var other = await Assert.ThrowsAsync<TestAwsException>(() => Get("/other"));
        Assert.Contains(
            "is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/other",
            other.Body
        );
        var own = await Assert.ThrowsAsync<TestAwsException>(() => Get("/app/own"));
        Assert.Contains("kms:Decrypt", own.Body);
        Assert.Contains("AccessDeniedException", own.Body);
    }

    private static string Between(string text, string tag) =>
        text[(text.IndexOf(tag, StringComparison.Ordinal) + tag.Length)..].Split('<')[0];

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("ssm", "AmazonSSM." + operation, body);

    private async Task<string?> Value(string name, bool decrypted = false) =>
        (await Call("GetParameter", $$"""{"Name":"{{name}}","WithDecryption":{{(decrypted ? "true" : "false")}}}"""))
            .GetProperty("Parameter")
            .GetProperty("Value")
            .GetString();

    private static IEnumerable<string?> Names(JsonElement answer) =>
        answer.GetProperty("Parameters").EnumerateArray().Select(parameter => parameter.GetProperty("Name").GetString());

    private async Task<string?> Refused(string operation, string body, string type, string? message = null)
    {
        var error = JsonElement.Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body);
        Assert.Equal(type, error.GetProperty("__type").GetString());
        var said = error.TryGetProperty("message", out var text) ? text.GetString() : null;
        Assert.Equal(message ?? said, said);
        return said;
    }
}
