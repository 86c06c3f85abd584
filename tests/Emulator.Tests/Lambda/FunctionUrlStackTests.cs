using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>AWS::Lambda::Url: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html.</summary>
public sealed class FunctionUrlStackTests
{
    [Fact]
    public async Task A_stack_makes_a_URL_and_it_survives_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("disa-url-");
        try
        {
            var options = new LocalCloudOptions { DataDirectory = directory.FullName };
            string made;
            await using (var first = await TestCloud.Start(options))
            {
                await first.CreateFunction("f", "provided.al2023", "any", FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n")));
                const string template = """
                    Resources:
                      Url:
                        Type: AWS::Lambda::Url
                        Properties:
                          TargetFunctionArn: f
                          AuthType: NONE
                          Cors: { AllowOrigins: ["*"], MaxAge: 10 }
                      Permission:
                        Type: AWS::Lambda::Permission
                        Properties: { FunctionName: f, Action: lambda:InvokeFunction, Principal: "*", InvokedViaFunctionUrl: true }
                    Outputs:
                      Url: { Value: !GetAtt Url.FunctionUrl }
                      Ref: { Value: !Ref Url }
                    """;
                await first.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", template));
                Assert.True(await first.Clock.Settle(TimeSpan.FromSeconds(20)));
                var stack = await first.Query("cloudformation", "DescribeStacks", ("StackName", "s"));
                Assert.Contains("CREATE_COMPLETE", stack);
                Assert.Contains("<OutputValue>arn:aws:lambda:us-east-1:000000000000:function:f</OutputValue>", stack);
                made = await first.Rest(HttpMethod.Get, "lambda", "/2021-10-31/functions/f/url");
                await first.Query(
                    "cloudformation",
                    "UpdateStack",
                    ("StackName", "s"),
                    ("TemplateBody", template.Replace("Cors: { AllowOrigins: [\"*\"], MaxAge: 10 }", "InvokeMode: BUFFERED"))
                );
                Assert.True(await first.Clock.Settle(TimeSpan.FromSeconds(20)));
            }

            await using var second = await TestCloud.Start(options);
            var kept = JsonElement.Parse(await second.Rest(HttpMethod.Get, "lambda", "/2021-10-31/functions/f/url"));
            Assert.Equal(
                new Uri(JsonElement.Parse(made).GetProperty("FunctionUrl").GetString()!).Host,
                new Uri(kept.GetProperty("FunctionUrl").GetString()!).Host
            );
            Assert.False(kept.TryGetProperty("Cors", out _));
            await second.Query("cloudformation", "DeleteStack", ("StackName", "s"));
            Assert.True(await second.Clock.Settle(TimeSpan.FromSeconds(20)));
            await Assert.ThrowsAsync<TestAwsException>(() => second.Rest(HttpMethod.Get, "lambda", "/2021-10-31/functions/f/url"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
