data "aws_iam_policy_document" "payments" {
  statement {
    sid     = "Partners"
    effect  = "Allow"
    actions = ["execute-api:Invoke"]

    principals {
      type        = "AWS"
      identifiers = formatlist("arn:aws:iam::%s:root", var.partner_accounts)
    }

    resources = ["${aws_api_gateway_rest_api.payments.execution_arn}/*"]
  }
}

resource "aws_api_gateway_rest_api_policy" "payments" {
  rest_api_id = aws_api_gateway_rest_api.payments.id
  policy      = data.aws_iam_policy_document.payments.json
}

# The office network, but the list was widened until it guards nothing.
resource "aws_api_gateway_rest_api" "backoffice" {
  name = "backoffice"

  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": "*",
          "Action": "execute-api:Invoke",
          "Resource": "execute-api:/*",
          "Condition": {
            "IpAddress": { "aws:SourceIp": ${jsonencode(var.office_networks)} }
          }
        }
      ]
    }
  POLICY
}

resource "aws_api_gateway_method" "backoffice" {
  rest_api_id   = aws_api_gateway_rest_api.backoffice.id
  resource_id   = aws_api_gateway_rest_api.backoffice.root_resource_id
  http_method   = "ANY"
  authorization = "NONE"
}
