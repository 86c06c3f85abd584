using System.Text.RegularExpressions;
using Disa.Emulator.Check;

namespace Disa.Emulator.Tests.Check;

/// <summary>What <c>disa check</c> finds: each file in broken/ says on lines with <c>expect</c> what it must be.</summary>
public sealed partial class CheckTests
{
    public static TheoryData<string> Broken =>
        [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "broken");

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_file_is_found_wrong_where_it_is_wrong(string name)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, name));
        var expected = Expectation()
            .Matches(text)
            .Select(match => (Place: match.Groups[1].Value, Says: match.Groups[2].Value.Trim()))
            .ToList();
        Assert.NotEmpty(expected);

        var found = await LocalCloud.CheckFiles([new CheckedFile(name, text)]);

        Assert.True(expected.Count == found.Count(finding => !finding.IsWarning), string.Join('\n', found));
        Assert.All(
            expected,
            wanted =>
                Assert.Contains(
                    found,
                    finding =>
                        $"{finding.Line}:{finding.Column}" == wanted.Place
                        && finding.ToString().Contains(wanted.Says, StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Too_many_and_too_large_are_found()
    {
        var many = "Resources:\n" + string.Concat(Enumerable.Range(0, 501).Select(i => $"  Q{i}: {{Type: \"AWS::SQS::Queue\"}}\n"));
        var large = "Resources: {Q: {Type: \"AWS::SQS::Queue\"}}\n#" + new string('x', 51_200);
        var found = await LocalCloud.CheckFiles([
            new("many.yaml", many),
            new("body.yaml", large, IsBody: true),
            new("bucket.yaml", large),
            new("huge.yaml", large + new string('x', 1_000_000)),
            new(
                "huge.json",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":\"" + new string('x', 1_048_576) + "\",\"End\":true}}}"
            ),
        ]);

        Assert.Contains(found, finding => finding.File == "many.yaml" && finding.Message == "501 resources");
        Assert.Contains(found, finding => finding is { File: "body.yaml", IsWarning: false, Expected: "at most 51200" });
        Assert.Contains(found, finding => finding is { File: "bucket.yaml", IsWarning: true });
        Assert.Contains(found, finding => finding is { File: "huge.yaml", IsWarning: false, Expected: "at most 1000000" });
        Assert.Contains(found, finding => finding is { File: "huge.json", Expected: "at most 1048576" });
        Assert.Contains(
            found,
            finding => finding.File == "huge.json" && finding.Message.StartsWith("'Result' has", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Files_are_held_against_each_other()
    {
        var found = await LocalCloud.CheckFiles([
            new(
                "root.yaml",
                """
                Resources:
                  Inner:
                    Type: AWS::CloudFormation::Stack
                    Properties:
                      TemplateURL: !Sub https://b.s3.${AWS::Region}.${AWS::URLSuffix}/p/inner.yaml
                      Parameters:
                        Nmae: x
                  Machine:
                    Type: AWS::StepFunctions::StateMachine
                    Properties:
                      RoleArn: arn:aws:iam::000000000000:role/r
                      DefinitionS3Location: {Bucket: b, Key: p/machine.json}
                      DefinitionSubstitutions: {Topic: t}
                Outputs:
                  Arn: {Value: !GetAtt Inner.Outputs.Arm}
                """
            ),
            new(
                "inner.yaml",
                """
                Parameters:
                  Name: {Type: String}
                Resources:
                  Queue: {Type: "AWS::SQS::Queue", Properties: {QueueName: !Ref Name}}
                Outputs:
                  Arn: {Value: !GetAtt Queue.Arn}
                """
            ),
            new("machine.json", """{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Table}", "End": true}}}"""),
        ]);

        Assert.Equal(
            [
                "root.yaml:7:9: 'inner.yaml' has no parameter 'Nmae'; expected one of Name",
                "root.yaml:7:9: 'inner.yaml' is not given its parameter 'Name', which has no default; expected 'Name'",
                "root.yaml:13:33: warning: the definition does not use 'Topic'; expected ${Topic} in it",
                "root.yaml:15:16: 'inner.yaml' has no output 'Arm'; expected 'Arn'",
                "machine.json:1:62: nothing is given for ${Table}; expected one of the DefinitionSubstitutions of 'Machine': Topic",
            ],
            found.Select(finding => finding.ToString())
        );
    }

    [Fact]
    public async Task Values_are_held_against_their_parameters()
    {
        var found = await LocalCloud.CheckFiles([
            new(
                "t.yaml",
                "Parameters:\n  Env: {Type: String, Default: devl, AllowedValues: [devl, prod]}\nResources: {Q: {Type: \"AWS::SQS::Queue\"}}\n",
                Parameters: new Dictionary<string, string> { ["Env"] = "live", ["Envi"] = "devl" }
            ),
        ]);

        Assert.Equal(
            [
                "t.yaml:1:1: the template has no parameter 'Envi'; expected 'Env'",
                "t.yaml:2:3: the value 'live': Parameter 'Env' must be one of AllowedValues; expected one of devl, prod",
            ],
            found.Select(finding => finding.ToString())
        );
    }

    [GeneratedRegex("expect (\\d+:\\d+) ([^\"\n]*)")]
    private static partial Regex Expectation();
}
