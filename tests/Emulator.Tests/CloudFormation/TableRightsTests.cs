using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>What the dispatcher's roles may touch where the table is its user's own.</summary>
public class TableRightsTests
{
    private const string Table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    private const string Control = "arn:aws:dynamodb:eu-west-1:111122223333:table/control";
    private const string Key = "arn:aws:kms:eu-west-1:111122223333:key/disa";
    private const string TableKey = "arn:aws:kms:eu-west-1:111122223333:key/theirs";

    [Theory]
    [InlineData("true", TableKey, TableKey, Key + " " + TableKey)]
    [InlineData("true", "", "", Key)]
    [InlineData("false", "", Key, Key)]
    public void Roles_name_that_table_its_stream_and_index_and_its_key_where_it_has_one(
        string shared,
        string tableKey,
        string initKeys,
        string otherKeys
    )
    {
        var path = Path.Combine(PartitionTests.Dispatcher("stacks"), "nested-stacks", "iam-role-stack.yaml");
        var template = TemplateParser.Parse(File.ReadAllText(path));
        var values = template.Parameters.Values.ToDictionary(parameter => parameter.Name, parameter => parameter.Default ?? "");
        foreach (
            var (name, value) in ((string, string)[])
                [
                    ("TableArn", Table),
                    ("StreamArn", Table + "/stream/x"),
                    ("ControlTableArn", Control),
                    ("KeyArn", Key),
                    ("TableIsShared", shared),
                    ("TableKeyArn", tableKey),
                ]
        )
        {
            values[name] = value;
        }

        var evaluation = new Evaluation(
            template,
            values,
            new PseudoParameters(
                new Scope("111122223333", "eu-west-1"),
                "stack",
                "arn:aws:cloudformation:eu-west-1:111122223333:stack/stack/0",
                []
            )
        )
        {
            Planning = true,
        };
        var statements = template.Resources.Values.ToDictionary(
            role => role.LogicalId,
            role =>
                JsonElement
                    .Parse(evaluation.Properties(role).ToJsonText())
                    .GetProperty("Policies")
                    .EnumerateArray()
                    .SelectMany(policy => policy.GetProperty("PolicyDocument").GetProperty("Statement").EnumerateArray())
                    .ToList()
        );
        Assert.Equal(
            [Control, Table, Table + "/index/send-due-index", Table + "/index/send-list-index", Table + "/stream/*", Table + "/stream/x"],
            statements
                .Values.SelectMany(all => all)
                .Where(statement => Is(statement, "dynamodb:"))
                .SelectMany(Resources)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            statements,
            role =>
                Assert.Equal(
                    role.Key switch
                    {
                        "InitRole" => initKeys,
                        "ScheduleRole" => "",
                        _ => otherKeys,
                    },
                    string.Join(' ', role.Value.Where(statement => Is(statement, "kms:")).SelectMany(Resources))
                )
        );
    }

    private static IEnumerable<string> Many(JsonElement one) =>
        one.ValueKind == JsonValueKind.Array ? one.EnumerateArray().Select(each => each.GetString()!) : [one.GetString()!];

    private static bool Is(JsonElement statement, string service) =>
        Many(statement.GetProperty("Action")).Any(action => action.StartsWith(service, StringComparison.Ordinal));

    private static IEnumerable<string> Resources(JsonElement statement) => Many(statement.GetProperty("Resource"));
}
