using System.Net;
using System.Text;
using System.Text.Json;
using Amazon;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Disa.Functions.Tests;

/// <summary>The typed clients on an AWS that a test plays.</summary>
internal static class TypedClients
{
    internal static readonly DateTime Time = new DateTime(2026, 11, 23, 6, 30, 15, DateTimeKind.Utc).AddMilliseconds(250);

    internal static AmazonSimpleNotificationServiceClient Sns(FakeAws aws) =>
        new(FakeAws.Credentials, aws.Config<AmazonSimpleNotificationServiceConfig>());

    internal static AmazonStepFunctionsClient StepFunctions(FakeAws aws) =>
        new(FakeAws.Credentials, aws.Config<AmazonStepFunctionsConfig>());

    internal static AmazonLambdaClient Lambda(FakeAws aws) => new(FakeAws.Credentials, aws.Config<AmazonLambdaConfig>());

    /// <summary>The form, sorted and unescaped.</summary>
    internal static string Form(FakeAws aws) => string.Join('&', aws.Requests.Last().Form.Select(pair => $"{pair.Key}={pair.Value}"));
}
