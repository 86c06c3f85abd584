using Amazon.Runtime;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What a program that uses the AWS finds in its environment.</summary>
internal static class DisaEnvironment
{
    public static async Task Write(DisaResource resource, EnvironmentCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var outputs = await resource.Deployed.Task.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        var credentials = await resource.Aws.Credentials.GetCredentialsAsync().ConfigureAwait(false);
        var variables = context.EnvironmentVariables;
        variables["AWS_ENDPOINT_URL"] = resource.Endpoint;
        variables["AWS_REGION"] = variables["AWS_DEFAULT_REGION"] = resource.Aws.Region;
        variables["AWS_ACCESS_KEY_ID"] = credentials.AccessKey;
        variables["AWS_SECRET_ACCESS_KEY"] = credentials.SecretKey;
        foreach (var (name, value) in outputs.Variables)
        {
            variables[name] = value;
        }
    }
}
