using System.Xml.Linq;

namespace Disa.Emulator.Tests.Iam;

/// <summary>
/// The policy simulator: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html, with the positions and answers of
/// the examples in <c>aws iam simulate-custom-policy help</c>, of an answer of 02-03-2020 that is kept in public (PolicyInputList.1,
/// "IAM Policy", EvalDecisionDetails empty, one ResourceSpecificResult), and names such as <c>role_NAME_POLICY</c> from public reports.
/// </summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private const string Dated =
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}""";

    private const string Trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""";

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("2019-04-25T11:00:00Z", "dynamodb:CreateBackup * allowed [PolicyInputList.1 IAM Policy 1:38-1:167] []")]
    [InlineData("2014-04-25T11:00:00Z", "dynamodb:CreateBackup * implicitDeny [] []")]
    [InlineData(null, "dynamodb:CreateBackup * implicitDeny [] [aws:CurrentTime]")]
    public async Task The_circumstances_are_those_that_are_given(string? time, string expected)
    {
        var answer = await Custom(
            Dated,
            "dynamodb:CreateBackup",
            time is null
                ? []
                :
                [
                    ("ContextEntries.member.1.ContextKeyName", "aws:CurrentTime"),
                    ("ContextEntries.member.1.ContextKeyValues.member.1", time),
                    ("ContextEntries.member.1.ContextKeyType", "date"),
                ]
        );

        Assert.Equal([expected], Results(answer));
        Assert.Empty(answer.Descendants("ResourceSpecificResults"));
        Assert.Empty(answer.Descendants("EvalDecisionDetails"));
    }

    [Fact]
    public async Task Each_resource_has_its_result_and_a_denial_shows_the_denying_statement_alone()
    {
        const string policy =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/secret"}]}""";

        var one = await Custom(policy, "s3:GetObject", ("ResourceArns.member.1", "arn:aws:s3:::b/k"));
        Assert.Equal(["s3:GetObject arn:aws:s3:::b/k allowed [PolicyInputList.1 IAM Policy 1:38-1:102] []"], Results(one));
        Assert.Equal(["arn:aws:s3:::b/k allowed"], Resources(one));
        Assert.Single(one.Descendants("EvalDecisionDetails"));

        var two = await Custom(
            policy,
            "s3:GetObject",
            ("ResourceArns.member.1", "arn:aws:s3:::b/k"),
            ("ResourceArns.member.2", "arn:aws:s3:::b/secret"),
            ("ResourceArns.member.3", "arn:aws:s3:::other/k")
        );
        Assert.Equal(["s3:GetObject * explicitDeny [] []"], Results(two));
        Assert.Equal(
            ["arn:aws:s3:::b/k allowed", "arn:aws:s3:::b/secret explicitDeny", "arn:aws:s3:::other/k implicitDeny"],
            Resources(two)
        );
        Assert.Contains(
            "PolicyInputList.1 IAM Policy 1:102-1:179",
            two.Descendants("ResourceSpecificResults")
                .Elements("member")
                .ElementAt(1)
                .Descendants("MatchedStatements")
                .Elements("member")
                .Select(Statement)
        );
    }

    [Fact]
    public async Task A_users_policies_are_its_own_those_attached_and_those_of_its_groups()
    {
        await Iam("CreateUser", ("UserName", "ann"));
        await Iam("CreateGroup", ("GroupName", "team"));
        await Iam("AddUserToGroup", ("GroupName", "team"), ("UserName", "ann"));
        await Iam("PutUserPolicy", ("UserName", "ann"), ("PolicyName", "own"), ("PolicyDocument", Policy("sqs:*")));
        await Iam("PutGroupPolicy", ("GroupName", "team"), ("PolicyName", "shared"), ("PolicyDocument", Policy("sns:*")));
        await Iam("AttachUserPolicy", ("UserName", "ann"), ("PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"));

        var results = Results(await Principal("user/ann", "sqs:SendMessage", "sns:Publish", "s3:GetObject"));

        Assert.Matches(
            @"^sqs:SendMessage \* allowed \[user_ann_own IAM Policy 1:38-1:\d+, AdministratorAccess IAM Policy .*\] \[\]$",
            results[0]
        );
        Assert.Matches(@"^sns:Publish \* allowed \[AdministratorAccess .*, group_team_shared IAM Policy 1:38-1:\d+\] \[\]$", results[1]);
        Assert.Matches(@"^s3:GetObject \* allowed \[AdministratorAccess [^,]*\] \[\]$", results[2]);
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/APIReference/API_PermissionsBoundaryDecisionDetail.html</summary>
    [Fact]
    public async Task A_boundary_limits_and_says_whether_it_allows()
    {
        await Iam("CreatePolicy", ("PolicyName", "most"), ("PolicyDocument", Policy("sqs:*")));
        await Iam(
            "CreateRole",
            ("RoleName", "r"),
            ("AssumeRolePolicyDocument", Trust),
            ("PermissionsBoundary", "arn:aws:iam::000000000000:policy/most")
        );
        await Iam("PutRolePolicy", ("RoleName", "r"), ("PolicyName", "all"), ("PolicyDocument", Policy("*")));

        var answer = await Principal("role/r", "sqs:SendMessage", "sns:Publish");

        Assert.StartsWith("sqs:SendMessage * allowed [role_r_all IAM Policy 1:38-", Results(answer)[0]);
        Assert.Equal("sns:Publish * implicitDeny [] []", Results(answer)[1]);
        Assert.Equal(["true", "false"], answer.Descendants("AllowedByPermissionsBoundary").Select(one => one.Value));
    }

    [Fact]
    public async Task A_resources_policy_allows_a_user_of_its_account_and_needs_the_users_own_from_another()
    {
        const string queue = "arn:aws:sqs:us-east-1:000000000000:q";
        string Of(string account) =>
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{account}}:user/bob"},"Action":"sqs:*","Resource":"*"}]}""";
        async Task<string> Decide(string policy, string account) =>
            Resources(
                await Custom(
                    policy,
                    "sqs:SendMessage",
                    ("ResourceArns.member.1", queue),
                    ("ResourcePolicy", Of(account)),
                    ("CallerArn", $"arn:aws:iam::{account}:user/bob")
                )
            )[0];

        Assert.EndsWith(" allowed", await Decide(Policy("s3:*"), "000000000000"));
        Assert.EndsWith(" implicitDeny", await Decide(Policy("s3:*"), "111111111111"));
        Assert.EndsWith(" allowed", await Decide(Policy("sqs:*"), "111111111111"));
    }

    [Fact]
    public async Task Keys_are_named_in_their_order()
    {
        const string policy =
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"}}}}""";
        await Iam("CreateUser", ("UserName", "ann"));
        await Iam("PutUserPolicy", ("UserName", "ann"), ("PolicyName", "p"), ("PolicyDocument", policy));

        Assert.Equal(
            ["aws:username", "aws:CurrentTime"],
            Keys(await Iam("GetContextKeysForCustomPolicy", ("PolicyInputList.member.1", policy)))
        );
        Assert.Equal(
            ["aws:username", "aws:CurrentTime"],
            Keys(await Iam("GetContextKeysForPrincipalPolicy", ("PolicySourceArn", "arn:aws:iam::000000000000:user/ann")))
        );

        static IEnumerable<string> Keys(XElement answer) =>
            answer.Descendants("ContextKeyNames").Elements("member").Select(one => one.Value);
    }

    [Fact]
    public async Task Results_come_in_pages()
    {
        var first = await Custom(Policy("*"), "s3:GetObject", ("ActionNames.member.2", "s3:PutObject"), ("MaxItems", "1"));
        Assert.Equal("true", first.Descendants("IsTruncated").Single().Value);
        var marker = first.Descendants("Marker").Single().Value;
        var second = await Custom(Policy("*"), "s3:GetObject", ("ActionNames.member.2", "s3:PutObject"), ("Marker", marker));
        Assert.StartsWith("s3:PutObject", Results(second).Single());
    }

    [Theory]
    [InlineData(
        "arn:aws:sts::000000000000:assumed-role/r/s",
        "InvalidInput: Invalid Entity Arn: arn:aws:sts::000000000000:assumed-role/r/s does not clearly define entity type and name."
    )]
    [InlineData("arn:aws:iam::000000000000:role/none", "NoSuchEntity: The role with name none cannot be found.")]
    [InlineData(
        "arn:aws:iam::111111111111:role/r",
        "InvalidInput: Invalid Policy Source Arn: caller's account 000000000000 does not have access to policies in account 111111111111"
    )]
    public async Task What_has_no_policies_is_refused(string arn, string expected) =>
        Assert.Equal(
            expected,
            await Refused("SimulatePrincipalPolicy", ("PolicySourceArn", arn), ("ActionNames.member.1", "s3:GetObject"))
        );

    [Fact]
    public async Task A_role_is_no_caller_of_a_resources_policy()
    {
        await Iam("CreateRole", ("RoleName", "r"), ("AssumeRolePolicyDocument", Trust));

        Assert.Equal(
            "InvalidInput: Invalid caller - Caller must be an IAM user in this context.",
            await Refused(
                "SimulatePrincipalPolicy",
                ("PolicySourceArn", "arn:aws:iam::000000000000:role/r"),
                ("ActionNames.member.1", "sqs:SendMessage"),
                ("ResourcePolicy", Trust.Replace("\"Action\"", "\"Resource\":\"*\",\"Action\""))
            )
        );
    }

    private static string Policy(string action) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}""";

    private Task<XElement> Custom(string policy, string action, params (string, string)[] parameters) =>
        Iam("SimulateCustomPolicy", [("PolicyInputList.member.1", policy), ("ActionNames.member.1", action), .. parameters]);

    private Task<XElement> Principal(string entity, params string[] actions) =>
        Iam(
            "SimulatePrincipalPolicy",
            [
                ("PolicySourceArn", "arn:aws:iam::000000000000:" + entity),
                .. actions.Select((action, i) => ($"ActionNames.member.{i + 1}", action)),
            ]
        );

    private async Task<XElement> Iam(string action, params (string, string)[] parameters)
    {
        var answer = XElement.Parse(await cloud.Query("iam", action, parameters));
        foreach (var element in answer.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return answer;
    }

    private async Task<string> Refused(string action, params (string, string)[] parameters)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => Iam(action, parameters));
        var error = XElement.Parse(refused.Body);
        return $"{Part("Code")}: {Part("Message")}";

        string Part(string name) => error.Descendants().First(e => e.Name.LocalName == name).Value;
    }

    private static string[] Results(XElement answer) =>
        [
            .. answer
                .Descendants("EvaluationResults")
                .Elements("member")
                .Select(one =>
                    $"{one.Element("EvalActionName")!.Value} {one.Element("EvalResourceName")!.Value} {one.Element("EvalDecision")!.Value} "
                    + $"[{string.Join(", ", one.Element("MatchedStatements")!.Elements("member").Select(Statement))}] "
                    + $"[{string.Join(", ", one.Element("MissingContextValues")!.Elements("member").Select(key => key.Value))}]"
                ),
        ];

    private static string[] Resources(XElement answer) =>
        [
            .. answer
                .Descendants("ResourceSpecificResults")
                .Elements("member")
                .Select(one => $"{one.Element("EvalResourceName")!.Value} {one.Element("EvalResourceDecision")!.Value}"),
        ];

    private static string Statement(XElement match) =>
        $"{match.Element("SourcePolicyId")!.Value} {match.Element("SourcePolicyType")!.Value} "
        + $"{Place(match.Element("StartPosition")!)}-{Place(match.Element("EndPosition")!)}";

    private static string Place(XElement position) => $"{position.Element("Line")!.Value}:{position.Element("Column")!.Value}";
}
