using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.S3.Model;
using Tag = Amazon.CloudFormation.Model.Tag;

namespace Disa.Cli.Deploy;

/// <summary>
/// Puts the artefacts on an AWS: bootstrap stack (key and bucket), upload, root stack. The same calls whether the AWS is
/// the emulator or Amazon's; each step finds out first whether it has been done.
/// </summary>
internal sealed class Deployer(AwsSession session, Artefacts artefacts, string stackName)
{
    /// <summary>Where the artefacts lie in the bucket.</summary>
    public const string Prefix = "0066-disa/";

    private const string ArtefactsTag = "disa:artefacts";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>Deploys what is not deployed yet.</summary>
    /// <param name="parameters">Root stack parameters that are not at their defaults.</param>
    /// <param name="say">Hears what is under way.</param>
    /// <exception cref="FailureException">A stack did not complete; the text is the first reason its events give.</exception>
    public async Task<Deployment> Deploy(IReadOnlyDictionary<string, string> parameters, Action<string> say, CancellationToken cancellation)
    {
        var stack = await Deployment.StackOrNone(session, stackName, cancellation).ConfigureAwait(false);
        if (stack is not null && IsUpToDate(stack, parameters))
        {
            return Deployment.Of(stack);
        }

        say("Creating key and bucket");
        var bootstrap = await EnsureBootstrap(say, cancellation).ConfigureAwait(false);
        var bucket = bootstrap.Outputs["ArtifactBucket"];

        // A later version lies beside the first one, so that CloudFormation sees a change of URL and key.
        var prefix = stack is null ? Prefix : $"{Prefix}{artefacts.Hash[..12]}/";
        await Upload(bucket, prefix, say, cancellation).ConfigureAwait(false);

        say("Creating the root stack");
        var all = new Dictionary<string, string>(parameters, StringComparer.Ordinal)
        {
            ["ArtifactBucket"] = bucket,
            ["ArtifactPrefix"] = prefix,
            ["KeyArn"] = bootstrap.Outputs["KeyArn"],
        };
        return Deployment.Of(await CreateOrUpdate(stackName, stack, all, null, TemplateUrl(bucket, prefix), [new Tag { Key = ArtefactsTag, Value = artefacts.Hash }], say, cancellation)
            .ConfigureAwait(false));
    }

    private bool IsUpToDate(Stack stack, IReadOnlyDictionary<string, string> parameters) =>
        stack.StackStatus is "CREATE_COMPLETE" or "UPDATE_COMPLETE"
        && stack.Tags.Any(tag => tag.Key == ArtefactsTag && tag.Value == artefacts.Hash)
        && parameters.All(wanted => stack.Parameters.Any(parameter => parameter.ParameterKey == wanted.Key && parameter.ParameterValue == wanted.Value));

    private string TemplateUrl(string bucket, string prefix) =>
        $"https://{bucket}.s3.{session.Target.Region}.{UrlSuffix(session.Target.Region)}/{prefix}cft/disa-root-stack.yaml";

    private static string UrlSuffix(string region) => region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    private async Task<Deployment> EnsureBootstrap(Action<string> say, CancellationToken cancellation)
    {
        var name = stackName + "-bootstrap";
        var stack = await Deployment.StackOrNone(session, name, cancellation).ConfigureAwait(false);
        return Deployment.Of(await CreateOrUpdate(name, stack, new Dictionary<string, string> { ["KeyAlias"] = stackName }, artefacts.BootstrapTemplate, null, [], say, cancellation)
            .ConfigureAwait(false));
    }

    private async Task Upload(string bucket, string prefix, Action<string> say, CancellationToken cancellation)
    {
        var done = 0;
        await Parallel.ForEachAsync(artefacts.Files, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation }, async (file, token) =>
        {
            await session.S3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = prefix + file.Key, FilePath = file.Path }, token).ConfigureAwait(false);
            say($"Uploading artefacts: {Interlocked.Increment(ref done)} of {artefacts.Files.Count}");
        }).ConfigureAwait(false);
    }

    private async Task<Stack> CreateOrUpdate(string name, Stack? existing, Dictionary<string, string> parameters, string? body, string? url, List<Tag> tags, Action<string> say, CancellationToken cancellation)
    {
        var list = parameters.Select(pair => new Parameter { ParameterKey = pair.Key, ParameterValue = pair.Value }).ToList();
        List<string> capabilities = ["CAPABILITY_NAMED_IAM"];
        if (existing is null)
        {
            await session.CloudFormation.CreateStackAsync(new CreateStackRequest
            {
                StackName = name, TemplateBody = body, TemplateURL = url, Parameters = list, Tags = tags, Capabilities = capabilities,
            }, cancellation).ConfigureAwait(false);
        }
        else
        {
            try
            {
                await session.CloudFormation.UpdateStackAsync(new UpdateStackRequest
                {
                    StackName = name, TemplateBody = body, TemplateURL = url, Parameters = list, Tags = tags, Capabilities = capabilities,
                }, cancellation).ConfigureAwait(false);
            }
            catch (AmazonCloudFormationException same) when (same.Message.Contains("No updates are to be performed", StringComparison.Ordinal))
            {
                return existing;
            }
        }

        return await WaitFor(name, say, cancellation).ConfigureAwait(false);
    }

    private async Task<Stack> WaitFor(string name, Action<string> say, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + LongestWait;
        for (var pause = TimeSpan.FromMilliseconds(20); TimeProvider.System.GetUtcNow() < deadline; pause = pause * 1.3 < TimeSpan.FromSeconds(3) ? pause * 1.3 : TimeSpan.FromSeconds(3))
        {
            var stack = await Deployment.StackOrNone(session, name, cancellation).ConfigureAwait(false)
                ?? throw new FailureException($"the stack '{name}' has gone.");
            if (stack.StackStatus is "CREATE_COMPLETE" or "UPDATE_COMPLETE")
            {
                return stack;
            }

            if (!stack.StackStatus!.EndsWith("_IN_PROGRESS", StringComparison.Ordinal))
            {
                throw new FailureException($"the stack '{name}' is {stack.StackStatus}: {await FirstReason(name, cancellation).ConfigureAwait(false)}");
            }

            say($"{name}: {stack.StackStatus}");
            await Task.Delay(session.Target.Endpoint?.IsLoopback == true ? TimeSpan.FromMilliseconds(20) : pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        throw new FailureException($"the stack '{name}' is not complete after {LongestWait.TotalMinutes} minutes.");
    }

    /// <summary>The oldest failure in the stack's events that is not a consequence of another one.</summary>
    private async Task<string> FirstReason(string name, CancellationToken cancellation)
    {
        var events = await session.CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = name }, cancellation).ConfigureAwait(false);
        var failed = events.StackEvents.LastOrDefault(entry =>
            entry.ResourceStatus?.EndsWith("_FAILED", StringComparison.Ordinal) == true && entry.ResourceStatusReason?.Contains("cancelled", StringComparison.Ordinal) != true);
        if (failed is { ResourceType: "AWS::CloudFormation::Stack", PhysicalResourceId: { Length: > 0 } nested } && nested != failed.StackId)
        {
            return $"{failed.LogicalResourceId}: {await FirstReason(nested, cancellation).ConfigureAwait(false)}";
        }

        return failed is null ? "its events give no reason." : $"{failed.LogicalResourceId}: {failed.ResourceStatusReason}";
    }
}
