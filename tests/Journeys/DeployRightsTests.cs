using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Deploying where rights are fenced in, and to a table that others read.</summary>
public sealed class DeployRightsTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private const string Anything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private RunningDisa Disa => shared.Disa;

    [Fact]
    public async Task CloudFormation_works_under_the_service_role_and_every_role_has_the_boundary()
    {
        const string stack = "fenced";
        const string trust = """
            {"Version":"2012-10-17",
             "Statement":[{"Effect":"Allow","Principal":{"Service":"cloudformation.amazonaws.com"},"Action":"sts:AssumeRole"}]}
            """;
        var role = (await Disa.Aws("iam", "create-role", "--role-name", "deployer", "--assume-role-policy-document", trust))
            .Json()
            .GetProperty("Role")
            .GetProperty("Arn")
            .GetString()!;
        await Disa.Aws("iam", "put-role-policy", "--role-name", "deployer", "--policy-name", "all", "--policy-document", Anything);
        var boundary = (await Disa.Aws("iam", "create-policy", "--policy-name", "boundary", "--policy-document", Anything))
            .Json()
            .GetProperty("Policy")
            .GetProperty("Arn")
            .GetString()!;

        var first = await Disa.Disa("deploy", "--stack", stack, "--role-arn", role, "--permissions-boundary", boundary, "--yes", "--json");
        Assert.True(first.Json().GetProperty("changed").GetBoolean());
        await Fenced();
        Assert.Equal(0, (await Disa.Disa("diff", "--stack", stack, "--role-arn", role, "--permissions-boundary", boundary)).ExitCode);
        var sent = await Disa.Disa("send", "Hello.", "--wait", "--stack", stack, "--json");
        Assert.Equal("Successful", sent.Json()[0].GetProperty("status").GetString());

        // What nobody names stays as it is.
        Assert.Equal(0, (await Disa.Disa("deploy", "--stack", stack, "--param", "AlarmPeriod=300", "--yes")).ExitCode);
        await Fenced();
        var gone = await Disa.Disa("destroy", "--stack", stack, "--role-arn", role, "--delete-data", "--bootstrap", "--yes", "--json");
        Assert.Empty(gone.Json().GetProperty("kept").EnumerateArray());

        async Task Fenced()
        {
            foreach (var name in (string[])[stack, stack + "-bootstrap"])
            {
                var described = (await Disa.Aws("cloudformation", "describe-stacks", "--stack-name", name)).Json();
                Assert.Equal(role, described.GetProperty("Stacks")[0].GetProperty("RoleARN").GetString());
            }

            var roles = (await Disa.Aws("iam", "list-roles"))
                .Json()
                .GetProperty("Roles")
                .EnumerateArray()
                .Select(one => one.GetProperty("RoleName").GetString()!)
                .Where(name => name.StartsWith(stack + "-", StringComparison.Ordinal))
                .ToList();
            Assert.Equal(5, roles.Count);
            foreach (var name in roles)
            {
                var described = (await Disa.Aws("iam", "get-role", "--role-name", name)).Json().GetProperty("Role");
                Assert.Equal(boundary, described.GetProperty("PermissionsBoundary").GetProperty("PermissionsBoundaryArn").GetString());
            }
        }
    }

    [Fact]
    public async Task A_table_whose_stream_has_two_readers_already_is_attached_with_a_warning()
    {
        await Disa.DynamoDb.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = "shared",
                BillingMode = BillingMode.PAY_PER_REQUEST,
                KeySchema = [new("id", KeyType.HASH)],
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
            }
        );
        foreach (var stack in (string[])["first", "second"])
        {
            var quiet = await Disa.Disa("deploy", "--stack", stack, "--table", "shared", "--yes", "--json");
            Assert.Equal(0, quiet.ExitCode);
            Assert.DoesNotContain("read", Warned(quiet), StringComparison.Ordinal);
        }

        var third = await Disa.Disa("deploy", "--stack", "third", "--table", "shared", "--yes", "--json");
        Assert.Equal(0, third.ExitCode);
        Assert.Contains(
            "The stream of shared has 2 readers already (first-init-process, second-init-process)",
            Warned(third),
            StringComparison.Ordinal
        );
        Assert.Contains("at most two", Warned(third), StringComparison.Ordinal);

        var again = await Disa.Disa("deploy", "--stack", "third", "--param", "AlarmPeriod=300", "--yes", "--json");
        Assert.Equal(("", 0), (Warned(again), again.ExitCode));

        static string Warned(Ended ended) =>
            string.Join(
                ' ',
                ended
                    .Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    .SkipWhile(word => !word.EndsWith("Readers:", StringComparison.Ordinal))
            );
    }

    [Fact]
    public async Task Status_warns_of_a_subscription_that_is_pending_or_lost()
    {
        Assert.Empty(Warnings(await Disa.Disa("status", "--json")));

        const string stack = "unheard";
        Assert.Equal(0, (await Disa.Disa("deploy", "--stack", stack, "--email", "reader@example.com", "--yes")).ExitCode);
        var pending = Warnings(await Disa.Disa("status", "--stack", stack, "--json"));
        Assert.Equal(2, pending.Count);
        Assert.StartsWith("No subscriber has confirmed", pending[0], StringComparison.Ordinal);
        Assert.StartsWith("The subscription of reader@example.com (email) is pending", pending[1], StringComparison.Ordinal);
        var said = await Disa.Disa("status", "--stack", stack);
        Assert.Contains("is pending", string.Join(' ', said.Output.Split((char[]?)null)), StringComparison.Ordinal);

        // Unsubscribed, as a mail scanner's click does.
        await using var other = await RunningDisa.Up();
        var listed = (await other.Aws("sns", "list-subscriptions-by-topic", "--topic-arn", other.Outputs["TopicArn"])).Json();
        var subscription = listed.GetProperty("Subscriptions")[0];
        var (arn, email) = (subscription.GetProperty("SubscriptionArn").GetString()!, subscription.GetProperty("Endpoint").GetString());
        Assert.Equal(0, (await other.Aws("sns", "unsubscribe", "--subscription-arn", arn)).ExitCode);
        var lost = Warnings(await other.Disa("status", "--json"));
        Assert.Equal(2, lost.Count);
        Assert.StartsWith("No subscriber has confirmed", lost[0], StringComparison.Ordinal);
        Assert.StartsWith($"The stack's NotificationEmail {email} is not subscribed", lost[1], StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = other.Endpoint };
        Assert.Contains("is not subscribed", await http.GetStringAsync("/_disa/console/"), StringComparison.Ordinal);

        static List<string> Warnings(Ended status) =>
            [.. status.Json().GetProperty("warnings").EnumerateArray().Select(one => one.GetString()!)];
    }
}
