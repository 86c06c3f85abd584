using System.Text.Json;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// What stacks take from Parameter Store and Secrets Manager. Texts and times as reported from a live account; see also
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html and dynamic-references.html.
/// </summary>
public sealed class ParameterStoreTests : IAsyncLifetime
{
    private const string Typed = """
        Parameters:
          P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/text}
        Resources:
          Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
        Outputs:
          Value: {Value: !Ref P}
        """;

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync()
    {
        stacks = await StackCloud.Start();
        await Put("/app/text", "one");
        await Put("/app/list", "a,b, c ,d", "StringList");
        await Put("/app/secure", "hidden", "SecureString");
    }

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_parameter_of_the_store_is_resolved_anew_by_each_create_and_update()
    {
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Typed));
        Assert.Equal("one", await stacks.Output("s", "Value"));
        var shown = (await stacks.Call("DescribeStacks", ("StackName", "s"))).Descendants("Parameters").Single();
        Assert.Equal("/app/text", shown.Descendants("ParameterValue").Single().Value);
        Assert.Equal("one", shown.Descendants("ResolvedValue").Single().Value);

        await Put("/app/text", "two");
        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do(
                "UpdateStack",
                "s",
                null,
                ("UsePreviousTemplate", "true"),
                ("Parameters.member.1.ParameterKey", "P"),
                ("Parameters.member.1.UsePreviousValue", "true")
            )
        );
        Assert.Equal("two", await stacks.Output("s", "Value"));
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", Typed.Replace("/app/text", "/app/text:1")));
        Assert.Equal("one", await stacks.Output("s", "Value"));
    }

    [Fact]
    public async Task The_items_of_a_list_lose_their_blanks()
    {
        var template = Typed
            .Replace("Value<String>", "Value<List<String>>")
            .Replace("/app/text", "/app/list")
            .Replace("!Ref P", "!Join ['|', !Ref P]");

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template));

        Assert.Equal("a|b|c|d", await stacks.Output("s", "Value"));
    }

    [Theory]
    [InlineData("/app/text:99", "", "Unable to fetch parameters [/app/text:99] from parameter store for this account.")]
    [InlineData("/app/none", "", "Unable to fetch parameters [/app/none] from parameter store for this account.")]
    [InlineData("/app/secure", "", "Parameters [/app/secure] referenced by template have types not supported by CloudFormation.")]
    [InlineData("/app/list", "", "Types for SSM parameters [/app/list] defined in CFN template and SSM are incompatible")]
    [InlineData("/app/text", ", AllowedValues: [one]", "Template format error: Parameter 'P' must be one of AllowedValues")]
    public async Task What_a_parameter_of_the_store_is_refused_for(string name, string more, string message) =>
        Assert.Equal(
            "ValidationError: " + message,
            await stacks.Refused(
                "CreateStack",
                ("StackName", "s"),
                ("TemplateBody", Typed.Replace("Default: /app/text", $"Default: '{name}'{more}"))
            )
        );

    [Fact]
    public async Task The_name_of_a_parameter_that_is_not_there_fails_the_stack()
    {
        var template = Typed.Replace("Value<String>", "Name").Replace("/app/text", "/app/none");

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Do("CreateStack", "s", template));

        Assert.Contains(
            "* ROLLBACK_IN_PROGRESS Parameter validation failed: parameter value /app/none for parameter name P does not exist. Rollback requested by user.",
            await stacks.Events("s")
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "t", template.Replace("/app/none", "/app/secure")));
        Assert.Equal("/app/secure", await stacks.Output("t", "Value"));
    }

    [Fact]
    public async Task A_dynamic_reference_is_put_into_the_text_and_read_again_by_each_update()
    {
        const string template = """
            Resources:
              A:
                Type: AWS::SSM::Parameter
                Properties:
                  Name: /made/a
                  Type: String
                  Value: !Sub 'x-{{resolve:ssm:/app/text}}_{{resolve:ssm:/app/list:1}}-${AWS::Region}'
            Outputs:
              Literal: {Value: '{{resolve:ssm:/app/text}}'}
              Value: {Value: !GetAtt A.Value}
              Type: {Value: !GetAtt A.Type}
            """;
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template));
        Assert.Equal("x-one_a,b, c ,d-us-east-1", await Get("/made/a"));
        Assert.Equal("{{resolve:ssm:/app/text}}", await stacks.Output("s", "Literal"));
        Assert.Equal("String", await stacks.Output("s", "Type"));

        await Put("/app/text", "two");
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", template));
        Assert.Equal("x-two_a,b, c ,d-us-east-1", await Get("/made/a"));
        Assert.Equal(
            "ValidationError: No updates are to be performed.",
            await stacks.Refused("UpdateStack", ("StackName", "s"), ("TemplateBody", template))
        );
    }

    [Theory]
    [InlineData("{{resolve:ssm:/app/none}}", "Parameters: [ssm:/app/none] cannot be found.")]
    [InlineData(
        "{{resolve:ssm:/app/text:prod}}",
        "Incorrect format is used in the following SSM reference: [{{resolve:ssm:/app/text:prod}}]"
    )]
    [InlineData("{{resolve:ssm:/app/secure:1}}", "Non-secure ssm prefix was used for secure parameter /app/secure")]
    [InlineData("{{resolve:ssm-secure:/app/secure:1}}", "SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]")]
    public async Task What_a_dynamic_reference_is_refused_for(string value, string message) =>
        Assert.Equal(
            "ValidationError: " + message,
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", Parameter("A", value)))
        );

    [Fact]
    public async Task A_default_names_a_version()
    {
        Assert.Equal(
            "ValidationError: Template error: parameter P should not contain ssm versionless resolver",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", Default("{{resolve:ssm:/app/text}}")))
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Default("{{resolve:ssm:/app/text:1}}")));
        Assert.Equal("one", await stacks.Output("s", "Value"));

        static string Default(string value) =>
            Typed.Replace("'AWS::SSM::Parameter::Value<String>'", "String").Replace("/app/text", $"'{value}'");
    }

    [Theory]
    [InlineData("app", """{"user":"u","password":"p"}""")]
    [InlineData("app:SecretString:password", "p")]
    [InlineData("ARN:SecretString:user", "u")]
    [InlineData("plain:SecretString", "text")]
    public async Task A_secret_or_a_part_of_it_is_put_in_its_place(string reference, string value)
    {
        var arn = await Secret("app", """{"user":"u","password":"p"}""");
        await Secret("plain", "text");

        Assert.Equal(
            "CREATE_COMPLETE",
            await stacks.Do("CreateStack", "s", Parameter("A", $"{{{{resolve:secretsmanager:{reference.Replace("ARN", arn)}}}}}"))
        );

        Assert.Equal(value, await Get("/made/A"));
        var events = (await stacks.Call("DescribeStackEvents", ("StackName", "s"))).Value;
        Assert.Contains("{{resolve:secretsmanager:", events);
    }

    [Theory]
    [InlineData("app:SecretString:none", "Could not find a value associated with JSONKey in SecretString")]
    [InlineData("plain:SecretString:key", "Could not parse SecretString JSON")]
    public async Task A_secret_without_the_key_fails_the_resource(string reference, string message)
    {
        await Secret("app", """{"user":"u"}""");
        await Secret("plain", "text");

        await stacks.Do("CreateStack", "s", Parameter("A", $"{{{{resolve:secretsmanager:{reference}}}}}"));

        Assert.Contains($"A CREATE_FAILED {message}", await stacks.Events("s"));
    }

    [Fact]
    public async Task A_secret_is_not_shown_by_the_failure_that_names_it()
    {
        await Secret("app", "opensesame");

        await stacks.Do(
            "CreateStack",
            "s",
            "Resources: {A: {Type: Test::Some::Thing, Properties: {Fail: 'no {{resolve:secretsmanager:app}} here'}}}"
        );

        Assert.Contains("A CREATE_FAILED no **** here", await stacks.Events("s"));
    }

    [Fact]
    public async Task A_secret_is_read_again_only_where_the_resource_changes()
    {
        await Secret("app", "1");
        var template = Parameter("A", "{{resolve:secretsmanager:app}}");
        await stacks.Do("CreateStack", "s", template);
        await stacks.Cloud.Json("secretsmanager", "secretsmanager.PutSecretValue", Body("app", "2", "SecretId"));

        await stacks.Do("UpdateStack", "s", template + "\n  Other: {Type: AWS::CloudFormation::WaitConditionHandle}");
        Assert.Equal("1", await Get("/made/A"));
        await stacks.Do("UpdateStack", "s", template.Replace("Type: String", "Type: String, Description: d"));
        Assert.Equal("2", await Get("/made/A"));
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html</summary>
    [Fact]
    public async Task A_stack_makes_a_secret_and_keeps_it_until_its_rule_changes()
    {
        const string template = """
            Resources:
              S:
                Type: AWS::SecretsManager::Secret
                Properties:
                  Description: one
                  GenerateSecretString: {SecretStringTemplate: '{"user":"u"}', GenerateStringKey: password, PasswordLength: 12, ExcludePunctuation: true}
                  Tags: [{Key: a, Value: b}]
            Outputs:
              Ref: {Value: !Ref S}
              Id: {Value: !GetAtt S.Id}
            """;
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template));
        var arn = await stacks.Output("s", "Ref");
        Assert.Equal(arn, await stacks.Output("s", "Id"));
        var made = await SecretValue(arn);
        Assert.Matches("""^\{"user":"u","password":"[a-zA-Z0-9]{12}"\}$""", made);

        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", template.Replace("one", "two")));
        Assert.Equal(made, await SecretValue(arn));
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", template.Replace("12", "13")));
        Assert.NotEqual(made, await SecretValue(arn));
        var described = await stacks.Cloud.Json("secretsmanager", "secretsmanager.DescribeSecret", $$"""{"SecretId":"{{arn}}"}""");
        Assert.Equal("a", described.GetProperty("Tags")[0].GetProperty("Key").GetString());

        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
        await Assert.ThrowsAsync<TestAwsException>(() => SecretValue(arn));
    }

    private static string Parameter(string name, string value) =>
        $$"""
            Resources:
              {{name}}:
                Type: AWS::SSM::Parameter
                Properties: {Name: /made/{{name}}, Type: String, Value: '{{value}}'}
            """;

    private static string Body(string name, string value, string member) =>
        $$"""{"{{member}}":"{{name}}","SecretString":{{JsonSerializer.Serialize(value)}},"ClientRequestToken":"{{Guid.NewGuid()}}"}""";

    private async Task<string> Secret(string name, string value) =>
        (await stacks.Cloud.Json("secretsmanager", "secretsmanager.CreateSecret", Body(name, value, "Name")))
            .GetProperty("ARN")
            .GetString()!;

    private async Task<string?> SecretValue(string id) =>
        (await stacks.Cloud.Json("secretsmanager", "secretsmanager.GetSecretValue", $$"""{"SecretId":"{{id}}"}"""))
            .GetProperty("SecretString")
            .GetString();

    private Task Put(string name, string value, string type = "String") =>
        stacks.Cloud.Json(
            "ssm",
            "AmazonSSM.PutParameter",
            $$"""{"Name":"{{name}}","Value":"{{value}}","Type":"{{type}}","Overwrite":true}"""
        );

    private async Task<string?> Get(string name) =>
        (await stacks.Cloud.Json("ssm", "AmazonSSM.GetParameter", $$"""{"Name":"{{name}}"}"""))
            .GetProperty("Parameter")
            .GetProperty("Value")
            .GetString();
}
