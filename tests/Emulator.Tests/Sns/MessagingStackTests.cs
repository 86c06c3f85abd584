using System.Xml.Linq;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Topics, subscriptions, queues and their policies as a stack makes, changes and removes them.</summary>
public sealed class MessagingStackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string Template = """
        Resources:
          Dead:
            Type: AWS::SQS::Queue
          Work:
            Type: AWS::SQS::Queue
            Properties:
              VisibilityTimeout: 45
              RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
              Tags: [{ Key: team, Value: blue }]
          WorkPolicy:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Work]
              PolicyDocument:
                Statement: [{ Effect: Allow, Principal: { Service: sns.amazonaws.com }, Action: "sqs:SendMessage", Resource: !GetAtt Work.Arn }]
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              DisplayName: Disa
              Subscription: [{ Protocol: email, Endpoint: listed@example.com }]
          TopicPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Topic]
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { Service: cloudwatch.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic }]
          Subscription:
            Type: AWS::SNS::Subscription
            Properties:
              TopicArn: !Ref Topic
              Protocol: sqs
              Endpoint: !GetAtt Work.Arn
              RawMessageDelivery: true
              FilterPolicy: { kind: [new] }
        Outputs:
          Topic: { Value: !GetAtt Topic.TopicName }
          Url: { Value: !GetAtt Work.QueueUrl }
          Queue: { Value: !GetAtt Work.QueueName }
          Ref: { Value: !Ref Subscription }
        """;

    [Fact]
    public async Task A_stack_makes_changes_and_removes_them()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Query("cloudformation", "CreateStack", ("StackName", "messaging"), ("TemplateBody", Template));
        Assert.True(await cloud.Clock.Settle(Patience));
        var stack = await cloud.Query("cloudformation", "DescribeStacks", ("StackName", "messaging"));
        Assert.Contains("<StackStatus>CREATE_COMPLETE</StackStatus>", stack);
        var url = Output(stack, "Url");
        Assert.StartsWith($"{cloud.Endpoint}000000000000/messaging-Work-", url);

        var queue = await cloud.Query("sqs", "GetQueueAttributes", ("QueueUrl", url), ("AttributeName.1", "All"));
        Assert.Contains("<Name>VisibilityTimeout</Name><Value>45</Value>", queue);
        Assert.Contains("maxReceiveCount", queue);
        Assert.Contains("sns.amazonaws.com", queue);
        Assert.Contains("<Key>team</Key>", await cloud.Query("sqs", "ListQueueTags", ("QueueUrl", url)));
        var topic = $"arn:aws:sns:us-east-1:000000000000:{Output(stack, "Topic")}";
        Assert.Contains("cloudwatch.amazonaws.com", await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
        var subscription = await cloud.Query("sns", "GetSubscriptionAttributes", ("SubscriptionArn", Output(stack, "Ref")));
        Assert.Contains("<key>RawMessageDelivery</key><value>true</value>", subscription);
        Assert.Contains("FilterPolicyScope", subscription);
        Assert.Contains("listed@example.com", await cloud.Query("sns", "ListSubscriptionsByTopic", ("TopicArn", topic)));

        var changed = Template
            .Replace("VisibilityTimeout: 45", "DelaySeconds: 5")
            .Replace("listed@", "other@")
            .Replace("RawMessageDelivery: true", "RawMessageDelivery: false")
            .Replace("DisplayName: Disa", "SignatureVersion: \"2\"");
        await cloud.Query("cloudformation", "UpdateStack", ("StackName", "messaging"), ("TemplateBody", changed));
        Assert.True(await cloud.Clock.Settle(Patience));
        queue = await cloud.Query("sqs", "GetQueueAttributes", ("QueueUrl", url), ("AttributeName.1", "All"));
        Assert.Contains("<Name>VisibilityTimeout</Name><Value>30</Value>", queue);
        Assert.Contains("<Name>DelaySeconds</Name><Value>5</Value>", queue);
        Assert.Contains("sns.amazonaws.com", queue);
        Assert.Contains(
            "<key>RawMessageDelivery</key><value>false</value>",
            await cloud.Query("sns", "GetSubscriptionAttributes", ("SubscriptionArn", Output(stack, "Ref")))
        );
        var subscribers = await cloud.Query("sns", "ListSubscriptionsByTopic", ("TopicArn", topic));
        Assert.Contains("other@example.com", subscribers);
        Assert.DoesNotContain("listed@example.com", subscribers);
        Assert.Contains("<key>DisplayName</key><value></value>", await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));

        await cloud.Query("cloudformation", "DeleteStack", ("StackName", "messaging"));
        Assert.True(await cloud.Clock.Settle(Patience));
        Assert.DoesNotContain("<member>", await cloud.Query("sns", "ListTopics"));
        Assert.DoesNotContain("<member>", await cloud.Query("sns", "ListSubscriptions"));
        Assert.DoesNotContain("<QueueUrl>", await cloud.Query("sqs", "ListQueues"));
    }

    /// <remarks>As recorded on AWS 18-12-2025: the policy is the queue's until the resource is gone.</remarks>
    [Fact]
    public async Task A_policy_of_one_queue_comes_and_goes()
    {
        const string queue = """
            Resources:
              Work: { Type: AWS::SQS::Queue }
            Outputs:
              Url: { Value: !Ref Work }
            """;
        const string policy = """

            Resources:
              Work: { Type: AWS::SQS::Queue }
              Policy:
                Type: AWS::SQS::QueueInlinePolicy
                Properties:
                  Queue: !Ref Work
                  PolicyDocument:
                    Statement: [{ Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: !GetAtt Work.Arn }]
            Outputs:
              Url: { Value: !Ref Work }
            """;
        await using var cloud = await TestCloud.Start();
        await cloud.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", policy));
        Assert.True(await cloud.Clock.Settle(Patience));
        var url = Output(await cloud.Query("cloudformation", "DescribeStacks", ("StackName", "s")), "Url");
        Task<string> Policy() => cloud.Query("sqs", "GetQueueAttributes", ("QueueUrl", url), ("AttributeName.1", "Policy"));
        Assert.Contains("sqs:SendMessage", await Policy());

        await cloud.Query(
            "cloudformation",
            "UpdateStack",
            ("StackName", "s"),
            ("TemplateBody", policy.Replace("sqs:SendMessage", "sqs:*"))
        );
        Assert.True(await cloud.Clock.Settle(Patience));
        Assert.Contains("sqs:*", await Policy());

        await cloud.Query("cloudformation", "UpdateStack", ("StackName", "s"), ("TemplateBody", queue));
        Assert.True(await cloud.Clock.Settle(Patience));
        Assert.DoesNotContain("<Name>Policy</Name>", await Policy());
    }

    private static string Output(string xml, string key) =>
        XDocument
            .Parse(xml)
            .Descendants()
            .Where(element => element.Name.LocalName == "OutputKey" && element.Value == key)
            .Select(element => element.Parent!.Elements().First(sibling => sibling.Name.LocalName == "OutputValue").Value)
            .Single();
}
