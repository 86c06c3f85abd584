using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>The dispatcher's templates as other partitions resolve them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html</summary>
public class PartitionTests
{
    public static TheoryData<string, string, string> Everywhere
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var file in Directory.GetFiles(Dispatcher("stacks"), "*.yaml", SearchOption.AllDirectories))
            {
                data.Add(Path.GetRelativePath(Dispatcher("stacks"), file), "cn-north-1", "aws-cn");
                data.Add(Path.GetRelativePath(Dispatcher("stacks"), file), "us-gov-west-1", "aws-us-gov");
            }

            return data;
        }
    }

    /// <summary>Each parameter has a value that says so, and whatever else is an ARN or a host then is of the partition.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public void No_template_names_a_partition_a_Region_or_an_account(string file, string region, string partition)
    {
        var template = TemplateParser.Parse(File.ReadAllText(Path.Combine(Dispatcher("stacks"), file)));
        TemplateChecks.References(template);
        var values = template.Parameters.Values.ToDictionary(
            parameter => parameter.Name,
            parameter =>
                parameter.Default is { Length: > 0 } given && !given.StartsWith("arn:", StringComparison.Ordinal)
                    ? given
                    : $"arn:{partition}:given:{region}:111122223333:{parameter.Name}/x"
        );
        var pseudo = new PseudoParameters(
            new Scope("111122223333", region),
            "stack",
            $"arn:{partition}:cloudformation:{region}:111122223333:stack/stack/0",
            []
        );
        var seen = 0;
        foreach (var both in (bool[])[true, false])
        {
            // With and without the optional things.
            var given = both
                ? values
                : values.ToDictionary(pair => pair.Key, pair => template.Parameters[pair.Key].Default == "" ? "" : pair.Value);
            var evaluation = new Evaluation(template, given, pseudo) { Planning = true };
            var resolved = template
                .Resources.Values.Select(resource => evaluation.Properties(resource))
                .Concat(
                    template
                        .Outputs.Values.Where(output => evaluation.IsActive(output.Condition))
                        .Select(output => evaluation.Resolve(output.Value))
                        .OfType<Node>()
                );
            foreach (var text in resolved.SelectMany(Texts))
            {
                seen++;
                Assert.All(Words(text, "arn:"), arn => Assert.StartsWith($"arn:{partition}:", arn, StringComparison.Ordinal));
                Assert.DoesNotContain("us-east-1", text, StringComparison.Ordinal);
                Assert.DoesNotContain("000000000000", text, StringComparison.Ordinal);

                // A service's principal is the same everywhere but for hosts with a Region, which end as the partition has it; a key policy allows both spellings.
                if (text.StartsWith("https://", StringComparison.Ordinal))
                {
                    Assert.Contains($".{region}.{Arn.UrlSuffix(region)}/", text, StringComparison.Ordinal);
                }
            }

            foreach (var list in resolved.SelectMany(Lists))
            {
                var hosts = Texts(list).Where(text => text.EndsWith($".{region}.amazonaws.com", StringComparison.Ordinal)).ToList();
                Assert.All(
                    hosts,
                    host => Assert.Contains(host.Replace("amazonaws.com", Arn.UrlSuffix(region), StringComparison.Ordinal), Texts(list))
                );
            }
        }

        Assert.True(seen > 1);
    }

    [Fact]
    public void The_workflow_names_no_partition()
    {
        var definition = File.ReadAllText(Path.Combine(Dispatcher("state-machine"), "state-machine.json"));
        Assert.All(Words(definition, "arn:"), arn => Assert.StartsWith("arn:${Partition}:", arn, StringComparison.Ordinal));
        Assert.Equal(6, Words(definition, "arn:").Count());
    }

    private static IEnumerable<string> Words(string text, string start)
    {
        for (var at = text.IndexOf(start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, at + 1, StringComparison.Ordinal))
        {
            yield return text[at..];
        }
    }

    private static IEnumerable<string> Texts(Node node) =>
        node switch
        {
            TextNode text => [text.Text],
            ListNode list => list.Items.SelectMany(Texts),
            MapNode map => map.Entries.SelectMany(entry => Texts(entry.Value)),
            _ => [],
        };

    /// <summary>The lists of texts, and the texts that stand where a list may.</summary>
    private static IEnumerable<Node> Lists(Node node) =>
        node switch
        {
            ListNode list when list.Items.All(item => item is TextNode) => [list],
            ListNode list => list.Items.SelectMany(Lists),
            MapNode map => map.Entries.SelectMany(entry => Lists(entry.Value)),
            TextNode text => [text],
            _ => [],
        };

    internal static string Dispatcher(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "disa.slnx")))
        {
            root = root.Parent!;
        }

        return Path.Combine(root.FullName, "dispatcher", folder);
    }
}
